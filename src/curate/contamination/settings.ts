import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { describeError, InputError } from '../../errors.ts'
import type { ContaminationSettings } from './labeller.ts'

// No key: a recipe is published with the release. It comes from the command's settings.
const endpointSchema = z.strictObject({ url: z.url(), model: z.string() })
const settingsSchema = z.strictObject({
  benchmarks: z.array(z.union([z.string(), z.strictObject({ path: z.string(), name: z.string().optional() })])).min(1),
  embeddings: endpointSchema.extend({ threshold: z.number().min(0).max(1).optional() }).optional(),
  judge: endpointSchema.extend({ promptFile: z.string().optional() }).optional(),
  cache: z.string().default('.colloquy-answers'),
  apiKey: z.string().optional(),
})

/**
 * Settings as a recipe gives them. `apiKey` comes from the command and goes to the endpoints named here; a judge's prompt is a file with {item} and {text}.
 * @throws InputError `contamination-settings` naming the field.
 */
export function parseContaminationSettings(settings: Readonly<Record<string, unknown>>): ContaminationSettings {
  const parsed = settingsSchema.safeParse(settings)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new InputError(
      'contamination-settings',
      `The recipe's contamination settings: ${issue?.path.join('.') || 'settings'}: ${issue?.message}. They name benchmark files, such as benchmarks: [humaneval.jsonl].`,
    )
  }
  const { benchmarks, embeddings, judge, cache, apiKey } = parsed.data
  const keyed = ({ url, model }: z.infer<typeof endpointSchema>) => ({ url, model, ...(apiKey ? { key: apiKey } : {}) })
  return {
    benchmarks: benchmarks.map((file) => {
      if (typeof file === 'string') return { path: file }
      return { path: file.path, ...(file.name ? { name: file.name } : {}) }
    }),
    ...(embeddings
      ? { embeddings: { ...keyed(embeddings), ...(embeddings.threshold === undefined ? {} : { threshold: embeddings.threshold }) } }
      : {}),
    ...(judge ? { judge: { ...keyed(judge), ...(judge.promptFile ? { prompt: readPrompt(judge.promptFile) } : {}) } } : {}),
    cache,
  }
}

function readPrompt(file: string): string {
  try {
    const prompt = readFileSync(file, 'utf8')
    if (prompt.includes('{item}') && prompt.includes('{text}')) return prompt
  } catch (error) {
    throw new InputError('contamination-settings', `The judge's promptFile cannot be read: ${describeError(error)}`, { cause: error })
  }
  throw new InputError('contamination-settings', `The judge's promptFile needs both {item} and {text}.`)
}
