import { z } from 'zod'
import { type Conversation, countTurns } from '../conversation.ts'
import { AppError, describeError, InputError } from '../errors.ts'
import type { Labeller } from './labeller.ts'
import { keepLabeller, type LabellerSpec } from './registry.ts'

/** labelLines, for the pool. */
export const labelLinesTask = { module: import.meta.url, task: 'labelLines' }

/** Lines of JSON and the labels wanted for them. */
export interface LabelLinesInput {
  lines: readonly string[]
  labellers: readonly LabellerSpec[]
}

const messageSchema = z.object({ role: z.enum(['user', 'assistant', 'system']), content: z.string() })
const lineSchema = z.union([
  z.object({ id: z.string().optional(), model: z.string().optional(), messages: z.array(messageSchema) }),
  z.object({ id: z.string().optional(), text: z.string() }),
])

/**
 * Worker task: labels JSON conversations, one line of JSON for each line in, in order. A line that cannot be read gives
 * `{"error":{"code","message"}}` in its place.
 */
export async function labelLines({ lines, labellers }: LabelLinesInput): Promise<string[]> {
  const ready = await Promise.all(labellers.map(keepLabeller))
  const out: string[] = []
  for (const line of lines) out.push(JSON.stringify(await labelLine(line, ready)))
  return out
}

async function labelLine(line: string, labellers: readonly Labeller<unknown>[]): Promise<Record<string, unknown>> {
  try {
    const conversation = parseLine(line)
    const labels: Record<string, unknown> = { id: conversation.id }
    for (const labeller of labellers) labels[labeller.name] = await labeller.label(conversation)
    return labels
  } catch (error) {
    return { error: { code: error instanceof AppError ? error.code : 'label-failed', message: describeError(error) } }
  }
}

/**
 * A conversation from one line of JSON.
 * @throws InputError `line-not-json`, `line-invalid`, `line-too-long`, `line-not-utf8`; the message never repeats the line.
 */
export function parseLine(line: string): Conversation {
  if (line === '!too-long') throw new InputError('line-too-long', 'The line is longer than 64 MiB.')
  if (line === '!invalid-utf8') throw new InputError('line-not-utf8', 'The line is not valid UTF-8.')
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch (error) {
    // The parser's own message quotes the line, which may be private.
    throw new InputError('line-not-json', 'The line is not JSON. One JSON object a line is expected.', { cause: error })
  }
  const parsed = lineSchema.safeParse(data)
  if (!parsed.success) {
    throw new InputError(
      'line-invalid',
      "The line needs 'messages' (a list of {role: user|assistant|system, content}) or 'text' (a string).",
    )
  }
  const { id = '' } = parsed.data
  const source = { file: 'stdin', line: 0 }
  if ('text' in parsed.data) return { id, model: '', messages: [{ role: 'user', content: parsed.data.text }], turns: 0, source }
  return { id, model: parsed.data.model ?? '', messages: parsed.data.messages, turns: countTurns(parsed.data.messages), source }
}
