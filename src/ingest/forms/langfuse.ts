import type { Message } from '../../conversation.ts'
import type { Form, JsonObject } from '../entry.ts'
import {
  contentOf,
  isObject,
  modelOrUnknown,
  nonEmpty,
  openAiMessages,
  requiredId,
  storable,
  textOrUndefined,
  timeOf,
  unwrapJson,
} from '../fields.ts'

/**
 * Langfuse's trace export: `{id, timestamp, input, output, userId?, metadata?, observations?}`, JSON or JSON lines, also with `input` and `output` as
 * strings of JSON. One trace is one conversation; where the trace itself says nothing its last generation speaks.
 */
export const langfuse: Form = {
  name: 'langfuse',
  matches: (record) =>
    'input' in record &&
    'output' in record &&
    ('timestamp' in record || 'startTime' in record) &&
    ('sessionId' in record || 'observations' in record || 'userId' in record || 'traceId' in record || 'projectId' in record),
  read(record) {
    const generation = lastGeneration(record)
    const own = [...inputMessages(record.input), ...outputMessages(record.output)]
    const messages = own.length > 0 ? own : [...inputMessages(generation?.input), ...outputMessages(generation?.output)]
    const at = timeOf(record.timestamp ?? record.startTime)
    const address = textOrUndefined(record.userId)
    const metadata = unwrapJson(record.metadata)
    return {
      kind: 'conversation',
      id: requiredId(record.id),
      model: modelOrUnknown(record.model, generation?.model, isObject(metadata) ? metadata.model : undefined),
      messages: nonEmpty(messages),
      ...(at === undefined ? {} : { startedAt: at }),
      ...(address === undefined ? {} : { address }),
    }
  },
}

function lastGeneration(record: JsonObject): JsonObject | undefined {
  const observations = unwrapJson(record.observations)
  if (!Array.isArray(observations)) return undefined
  const generations = observations.filter(isObject).filter((observation) => observation.type === 'GENERATION')
  return generations.sort((a, b) => (timeOf(a.startTime) ?? 0) - (timeOf(b.startTime) ?? 0)).at(-1)
}

/** Messages of an input: an OpenAI list, `{messages}`, or a prompt as text. */
function inputMessages(logged: unknown): Message[] {
  const input = unwrapJson(logged)
  if (input === undefined || input === null || input === '') return []
  if (typeof input === 'string') return [{ role: 'user', content: storable(input) }]
  if (Array.isArray(input)) return input.length === 0 ? [] : openAiMessages(input)
  if (!isObject(input)) return [{ role: 'user', content: contentOf(input) }]
  if (Array.isArray(input.messages)) return inputMessages(input.messages)
  return [{ role: 'user', content: contentOf(input.content ?? input.prompt ?? input.input ?? input.query ?? input.question) }]
}

/** The answer: text, one message, a list of messages, or a chat completion with `choices`. */
function outputMessages(logged: unknown): Message[] {
  const output = unwrapJson(logged)
  if (output === undefined || output === null || output === '') return []
  if (typeof output === 'string') return [{ role: 'assistant', content: storable(output) }]
  if (Array.isArray(output)) return output.length === 0 ? [] : openAiMessages(output)
  if (!isObject(output)) return [{ role: 'assistant', content: contentOf(output) }]
  const choice = Array.isArray(output.choices) && isObject(output.choices[0]) ? output.choices[0].message : undefined
  if (isObject(choice)) return outputMessages(choice)
  if (Array.isArray(output.messages)) return outputMessages(output.messages)
  return [{ role: 'assistant', content: contentOf(output.content ?? output.text ?? output.output ?? output.answer) }]
}
