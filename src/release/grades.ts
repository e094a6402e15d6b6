import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../errors.ts'
import type { WorkFolder } from './work.ts'

const shareSchema = z.object({ share: z.number(), low: z.number(), high: z.number() })
const kindSchema = z.object({ graded: z.int().nonnegative(), precision: shareSchema.optional(), recall: shareSchema.optional() })

/** Grades as work folder and manifest hold them. */
export const gradesSchema = z.object({ all: kindSchema, kinds: z.record(z.string().regex(/^[A-Z_]+$/), kindSchema) })

const fileSchema = gradesSchema.extend({ schema: z.literal(1), fingerprint: z.string().nullable() })
const refinedSchema = z.looseObject({ of: z.string() })

/** A share with its 95 % interval. */
export type GradedShare = z.infer<typeof shareSchema>

/** What a person's grades of a sample say of the redaction: of all kinds together, and of each. */
export type RedactionGrades = z.infer<typeof gradesSchema>

/**
 * The grades that `colloquy redaction grade FILE --work DIR` left in the work folder; undefined where there are none, or where they are of another
 * labeller than the release's.
 * @throws InputError `work-unreadable`
 */
export function readGrades({ dir, curate }: WorkFolder): RedactionGrades | undefined {
  const path = join(dir, 'redaction-grades.json')
  const label = curate.labels.redaction
  if (!label || !existsSync(path)) return undefined
  const parsed = fileSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) {
    throw new InputError(
      'work-unreadable',
      `${path} is no file of grades. Run 'colloquy redaction grade FILE --work ${dir}' again, or remove it.`,
    )
  }
  const refined = refinedSchema.safeParse(label.settings)
  const { fingerprint, all, kinds } = parsed.data
  const isOurs = fingerprint === label.fingerprint || (refined.success && fingerprint === refined.data.of)
  return isOurs ? { all, kinds } : undefined
}
