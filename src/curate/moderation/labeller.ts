import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Column, Row } from '../../storage/parquet.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { categories, type MessageModeration, type ModerationLabel, type PerCategory, perCategory } from './categories.ts'
import { createClassifier } from './classifier.ts'
import { modelUrl, readModel } from './model.ts'

/** Where the opinion comes from, and what that source needs. */
export interface ModerationSettings {
  source: 'classifier'
  /** Scores from which a category is on (0–1); the classifier's own where not given. */
  thresholds?: Partial<PerCategory<number>>
}

/** A moderation labeller; `settings` is what labeller.json keeps, `quality` one measured line for card and manifest. */
export interface ModerationLabeller extends Labeller<ModerationLabel> {
  readonly settings: Readonly<Record<string, unknown>>
  readonly quality: string | null
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
export async function createModerationLabeller(settings: ModerationSettings = { source: 'classifier' }): Promise<ModerationLabeller> {
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
    settings: kept,
    quality: model.header.quality,
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
