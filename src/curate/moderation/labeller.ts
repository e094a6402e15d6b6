import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { InputError } from '../../errors.ts'
import type { Column, Row } from '../../storage/parquet.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { type Category, categories, type MessageModeration, type ModerationLabel, type PerCategory, perCategory } from './categories.ts'
import { createClassifier } from './classifier.ts'
import { modelUrl, readModel } from './model.ts'

/** Where the opinion comes from, and what that source needs. */
export interface ModerationSettings {
  source: 'classifier'
  /** Scores from which a category is on (0–1); the classifier's own where not given. */
  thresholds?: Partial<PerCategory<number>>
}

const scoreSchema = z.number().min(0).max(1)
const settingsSchema = z.strictObject({
  source: z.literal('classifier').default('classifier'),
  thresholds: z.partialRecord(z.enum(categories), scoreSchema).optional(),
})

/** Settings as a recipe gives them. @throws InputError `moderation-settings` naming the field. */
export function parseModerationSettings(settings: Readonly<Record<string, unknown>>): ModerationSettings {
  const parsed = settingsSchema.safeParse(settings)
  if (parsed.success) {
    const { source, thresholds } = parsed.data
    return { source, ...(thresholds ? { thresholds: withoutUndefined(thresholds) } : {}) }
  }
  const [issue] = parsed.error.issues
  throw new InputError(
    'moderation-settings',
    `The recipe's moderation settings: ${issue?.path.join('.') || 'settings'}: ${issue?.message}.`,
  )
}

const version = '1'

/** Columns of the moderation sidecar, as docs/data-format.md has them, and marks for messages that failed or are a guess. */
export const moderationColumns: readonly Column[] = [
  {
    name: 'messages',
    type: {
      list: {
        struct: [
          { name: 'categories', type: { struct: categories.map((name) => ({ name, type: 'boolean' as const })) } },
          { name: 'category_scores', type: { struct: categories.map((name) => ({ name, type: 'double' as const })) } },
          { name: 'flagged', type: 'boolean' },
        ],
      },
    },
  },
  { name: 'failed', type: { list: 'int32' } },
  { name: 'low_confidence', type: { list: 'int32' } },
]

/**
 * The labeller `moderation`: an opinion on every message, from the source that the settings name.
 * @throws AppError `moderation-model` when the package's weights cannot be read.
 */
export async function createModerationLabeller(
  settings: ModerationSettings = { source: 'classifier' },
): Promise<Labeller<ModerationLabel>> {
  const model = readModel()
  const weights = createHash('sha256').update(readFileSync(modelUrl)).digest('hex').slice(0, 16)
  const thresholds = perCategory((category) => settings.thresholds?.[category] ?? model.header.thresholds[category])
  const judge = createClassifier(model, thresholds)
  const kept = { source: 'classifier', version: model.header.version, weights, thresholds }
  return {
    name: 'moderation',
    version,
    fingerprint: fingerprintOf(version, kept),
    columns: moderationColumns,
    about: { settings: kept, quality: model.header.quality },
    label: ({ messages }) => ({ messages: messages.map(({ content }) => judge(content)) }),
    toRow,
  }
}

function toRow({ messages }: ModerationLabel): Row {
  const places = (test: (message: MessageModeration) => boolean) => messages.flatMap((message, at) => (test(message) ? [at] : []))
  return {
    messages: messages.map((message) => ({
      categories: message.categories,
      category_scores: message.category_scores,
      flagged: message.flagged,
    })),
    failed: places(({ failed }) => failed !== undefined),
    low_confidence: places(({ confidence }) => confidence === 'low'),
  }
}

function withoutUndefined(thresholds: Partial<Record<Category, number | undefined>>): Partial<PerCategory<number>> {
  return Object.fromEntries(Object.entries(thresholds).filter(([, value]) => value !== undefined))
}
