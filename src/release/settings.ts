import { z } from 'zod'
import { InputError } from '../errors.ts'

const line = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}]*$/u, 'must be one line')

const settingsSchema = z.strictObject({
  title: line.default('LLM conversations'),
  /** Short name in machine-readable files. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/, 'takes letters, digits, dot, dash and underscore')
    .optional(),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'takes three numbers such as 1.0.0')
    .default('1.0.0'),
  published: z.iso.date().optional(),
  description: z.string().trim().max(5000).optional(),
  licensor: line.optional(),
  contact: line.optional(),
  law: line.optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  authors: z.array(line).max(200).default([]),
  /** Where the conversations were collected and under which terms people chatted. */
  collection: z.string().trim().max(5000).optional(),
})

/** What a release says of itself beside its data: title, version, who licenses it, whom to write to. All of it is printed on the card. */
export interface ReleaseSettings {
  title: string
  /** Short name in machine-readable files: letters, digits, `._-`. */
  name: string
  /** Three numbers, `1.0.0`. */
  version: string
  /** Day of publication, `YYYY-MM-DD`; never taken from a clock. Absent: the last day in the data, if there is one. */
  published?: string
  description?: string
  licensor?: string
  contact?: string
  law?: string
  url?: string
  authors: string[]
  collection?: string
}

/**
 * The settings of a release: given ones over the recipe's `card:` part over defaults.
 * @throws InputError `release-setting-invalid` naming the setting and what it takes.
 */
export function resolveReleaseSettings(
  recipe: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): ReleaseSettings {
  const merged = { ...recipe, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
  const parsed = settingsSchema.safeParse(merged)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const names = Object.keys(settingsSchema.shape).join(', ')
    const what =
      issue?.code === 'unrecognized_keys' ? `'${issue.keys.join("', '")}' is no setting` : `'${issue?.path.join('.')}': ${issue?.message}`
    throw new InputError('release-setting-invalid', `Release settings: ${what}. Settings: ${names}.`)
  }
  const { name, ...rest } = parsed.data
  const settings: Record<string, unknown> = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return { ...settings, name: name ?? slugOf(rest.title), title: rest.title, version: rest.version, authors: rest.authors }
}

function slugOf(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return slug.slice(0, 96) || 'conversations'
}
