import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { describeError, InputError } from '../../errors.ts'

const count = (most: number) => z.number().int().min(1).max(most)
/** An empty bucket is full again within a day, see buckets.shared.ts. */
const bucket = z
  .strictObject({ burst: count(1_000_000), perMinute: z.number().positive().max(1_000_000) })
  .refine(({ burst, perMinute }) => burst <= perMinute * 1440, 'burst is more than perMinute fills in a day')

const LimitsFile = z.strictObject({
  /** Characters (UTF-16 units) of one prompt. */
  promptLength: count(1_000_000).default(32_000),
  /** Turns of one conversation, all branches counted. */
  turns: count(1_000_000).default(200),
  /** Votes of one person that count in a day, and of one address. */
  votesPerPerson: count(1_000_000).default(50),
  votesPerAddress: count(1_000_000).default(100),
  turnsOfPerson: bucket.default({ burst: 10, perMinute: 20 }),
  turnsOfNetwork: bucket.default({ burst: 60, perMinute: 120 }),
  /** Requests of one application through the gateway. */
  turnsOfKey: bucket.default({ burst: 200, perMinute: 6000 }),
  /** New people, reports, withdrawals from one network. */
  visitsOfNetwork: bucket.default({ burst: 30, perMinute: 30 }),
})

/** What one person, network and conversation may use. */
export type Limits = z.infer<typeof LimitsFile>

/** Limits of a site whose operator has set none. */
export const defaultLimits: Limits = LimitsFile.parse({})

/**
 * Reads a YAML file of limits; what it leaves out is as in `defaultLimits`.
 * @throws InputError `limits-invalid` naming the field.
 */
export function readLimits(path: string): Limits {
  let value: unknown
  try {
    value = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputError('limits-invalid', `The file of limits ${path} cannot be read: ${describeError(error)}`, { cause: error })
  }
  const parsed = LimitsFile.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new InputError(
    'limits-invalid',
    `${path}: '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'no limits'}. See docs/collect.md.`,
  )
}
