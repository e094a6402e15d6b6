import { z } from 'zod'
import { InputError } from '../../errors.ts'
import { type Category, categories, type PerCategory } from './categories.ts'

const score = z.number().min(0).max(1)
const thresholds = z.partialRecord(z.enum(categories), score).optional()
const remote = {
  concurrency: z.int().min(1).max(64).default(8),
  attempts: z.int().min(1).max(20).default(6),
  timeoutSeconds: z.number().min(0.1).max(600).default(60),
  /** For the estimate before a run. */
  dollarsPerMillionTokens: z.number().min(0).default(0),
  /** Handed in by the command, from the environment; never part of a recipe, a fingerprint or a log. */
  apiKey: z.string().optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** File that paid answers are kept in. */
  answers: z.string().optional(),
  /** First pause between attempts, doubled each time up to a minute. */
  firstPauseMs: z.number().min(0).max(60_000).default(1000),
}

const schema = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('classifier'), thresholds }),
  z.strictObject({
    source: z.literal('openai'),
    model: z.string().min(1).default('omni-moderation-latest'),
    batch: z.int().min(1).max(1000).default(32),
    ...remote,
  }),
  z.strictObject({ source: z.literal('guard'), model: z.string().min(1), template: z.string().min(1), ...remote }),
])

type Parsed = z.infer<typeof schema>

/** Where the opinion comes from, and what that source needs: as a recipe has it, with the command's key, endpoint and file of answers. */
export type ModerationSettings =
  | { source: 'classifier'; thresholds?: Partial<PerCategory<number>> }
  | Extract<Parsed, { source: 'openai' }>
  | Extract<Parsed, { source: 'guard' }>

/**
 * Settings as a recipe gives them (`source: classifier` where it names none), checked and completed.
 * @throws InputError `moderation-settings` naming the field.
 */
export function parseModerationSettings(settings: Readonly<Record<string, unknown>>): ModerationSettings {
  const { source = 'classifier', ...rest } = settings
  const own = source === 'classifier' ? withoutAccess(rest) : rest
  const parsed = schema.safeParse({ source, ...own })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new InputError(
      'moderation-settings',
      `The recipe's moderation settings: ${issue?.path.join('.') || 'settings'}: ${issue?.message}.`,
    )
  }
  if (parsed.data.source !== 'classifier') return parsed.data
  const given = Object.entries(parsed.data.thresholds ?? {}).filter((entry): entry is [Category, number] => entry[1] !== undefined)
  return { source: 'classifier', ...(given.length > 0 ? { thresholds: Object.fromEntries(given) } : {}) }
}

/** The offline source gets the same access as the others from a command, and has no use for it. */
function withoutAccess({ apiKey: _, baseUrl: __, answers: ___, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest
}
