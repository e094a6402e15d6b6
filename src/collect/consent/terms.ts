import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { describeError, InputError } from '../../errors.ts'
import { defaultTerms } from './terms.default.ts'

const TermsFile = z.strictObject({
  title: z.string().min(1).max(200),
  text: z.string().min(100).max(100_000),
  licence: z.strictObject({ name: z.string().min(1).max(200), url: z.url().nullable().default(null) }),
  minimumAge: z.number().int().min(1).max(120).nullable().default(null),
  jurisdictions: z.string().max(2000).nullable().default(null),
  contact: z.string().max(300).nullable().default(null),
})

/** What people agree to before their first message. `version` is the SHA-256 of everything that they are shown. */
export type Terms = z.infer<typeof TermsFile> & { version: string }

/**
 * Terms from a YAML file, or the built-in ones.
 * @throws InputError `terms-invalid` naming the field.
 */
export function readTerms(path: string | undefined): Terms {
  return path === undefined ? termsOf(defaultTerms, 'built-in terms') : termsOf(parseFile(path), path)
}

/**
 * Checked terms with their version. Any change of what people see makes another version, and they are asked again.
 * @throws InputError `terms-invalid`.
 */
export function termsOf(value: unknown, place: string): Terms {
  const parsed = TermsFile.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new InputError(
      'terms-invalid',
      `${place}: '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'not terms'}. See docs/consent.md.`,
    )
  }
  const { title, text, licence, minimumAge, jurisdictions, contact } = parsed.data
  const shown = JSON.stringify([title, text, licence.name, licence.url, minimumAge, jurisdictions, contact])
  return { ...parsed.data, version: hashTerms(shown) }
}

/** The version of a text that someone agrees to, 64 hex digits. */
export const hashTerms = (text: string): string => createHash('sha256').update(text).digest('hex')

function parseFile(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputError('terms-invalid', `The file of terms ${path} cannot be read: ${describeError(error)}`, { cause: error })
  }
}
