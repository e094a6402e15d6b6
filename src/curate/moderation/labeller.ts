import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { InputError } from '../../errors.ts'
import type { Column, Row } from '../../storage/parquet.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { memoryAnswers, openAnswers } from './answers.ts'
import { categories, type MessageModeration, type ModerationLabel, moderationFrom, perCategory } from './categories.ts'
import { createClassifier } from './classifier.ts'
import { modelUrl, readModel } from './model.ts'
import type { Patience } from './retry.ts'
import type { ModerationSettings } from './settings.ts'

const version = '1'

/** Columns of the moderation sidecar, as docs/data-format.md has them. `extra` is JSON: one object a message, null where there is nothing extra. */
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
  { name: 'extra', type: 'string' },
]

/**
 * The labeller `moderation`: an opinion on every message, from the source that the settings name.
 * @throws AppError `moderation-model` when the package's weights cannot be read; InputError `moderation-key-missing` when a remote source has no key
 * and no endpoint of its own, `guard-template` for an unknown template.
 */
export async function createModerationLabeller(
  settings: ModerationSettings = { source: 'classifier' },
): Promise<Labeller<ModerationLabel>> {
  return settings.source === 'classifier' ? createOffline(settings) : createRemote(settings)
}

function createOffline({ thresholds: given }: Extract<ModerationSettings, { source: 'classifier' }>): Labeller<ModerationLabel> {
  const model = readModel()
  const weights = createHash('sha256').update(readFileSync(modelUrl)).digest('hex').slice(0, 16)
  const thresholds = perCategory((category) => given?.[category] ?? model.header.thresholds[category])
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

async function createRemote(settings: Exclude<ModerationSettings, { source: 'classifier' }>): Promise<Labeller<ModerationLabel>> {
  if (settings.apiKey === undefined && settings.baseUrl === undefined) {
    throw new InputError(
      'moderation-key-missing',
      `Moderation by '${settings.source}' needs OPENAI_API_KEY, or OPENAI_BASE_URL of an endpoint without keys.`,
    )
  }
  // The client is a second's worth of code that the offline source never needs.
  const [{ openOpenAi }, { openGuard }, { loadGuardTemplate }] = await Promise.all([
    import('./openai.ts'),
    import('./guard.ts'),
    import('./guard.parse.ts'),
  ])
  const answers = settings.answers === undefined ? memoryAnswers() : openAnswers(settings.answers)
  const access = {
    model: settings.model,
    concurrency: settings.concurrency,
    timeoutMs: settings.timeoutSeconds * 1000,
    apiKey: settings.apiKey ?? 'none',
    ...(settings.baseUrl === undefined ? {} : { baseUrl: settings.baseUrl }),
    answers,
    patience: patienceOf(settings.attempts, settings.firstPauseMs),
  }
  const template = settings.source === 'guard' ? loadGuardTemplate(settings.template) : undefined
  const queue =
    settings.source === 'openai' ? openOpenAi({ ...access, batch: settings.batch }) : template && openGuard({ ...access, template })
  const kept = { source: settings.source, model: settings.model, ...(settings.source === 'guard' ? { template: settings.template } : {}) }
  const perRequest = settings.source === 'openai' ? settings.batch : 1
  const clean = moderationFrom(
    perCategory(() => 0),
    perCategory(() => 1),
  )
  return {
    name: 'moderation',
    version,
    fingerprint: fingerprintOf(version, kept, settings.baseUrl ?? null, template ?? null),
    columns: moderationColumns,
    about: { settings: kept },
    concurrency: settings.concurrency * perRequest,
    label: async ({ messages }) => ({
      // A message without a letter is not worth a request, and the API refuses it.
      messages: await Promise.all(messages.map(async ({ content }) => (content.trim() === '' || !queue ? clean : queue.judge(content)))),
    }),
    toRow,
    isFinal: ({ failed }) => Array.isArray(failed) && failed.length === 0,
    close: async () => answers.close(),
  }
}

function patienceOf(attempts: number, firstMs: number): Patience {
  return {
    attempts,
    firstMs,
    longestMs: 60_000,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: Math.random,
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
    extra: messages.some(({ extra }) => extra) ? JSON.stringify(messages.map(({ extra }) => extra ?? null)) : null,
  }
}
