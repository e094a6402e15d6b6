import OpenAI from 'openai'
import { z } from 'zod'
import type { Answers } from './answers.ts'
import { categories, type MessageModeration, perCategory } from './categories.ts'
import { openQueue, type Queue } from './queue.ts'
import { ask, type Patience, UnusableAnswer } from './retry.ts'

/** Where a remote source is, and how it is asked. */
export interface RemoteSettings {
  model: string
  /** Requests at once (1–64). */
  concurrency: number
  /** Milliseconds that one request may take. */
  timeoutMs: number
  apiKey: string
  /** Base URL of the API; https://api.openai.com/v1 where not given. */
  baseUrl?: string
  answers: Answers
  patience: Patience
}

const resultSchema = z.object({
  flagged: z.boolean(),
  categories: z.record(z.string(), z.boolean().nullable()),
  category_scores: z.record(z.string(), z.number().nullable()),
})
const responseSchema = z.object({ results: z.array(resultSchema) })

/** Characters a piece: a longer message is judged in pieces, and each category takes the highest. The API takes about 32 K tokens an input. */
const pieceCharacters = 20_000

/** The official client, without its own retries (ours count and wait as the documentation asks), its own log, or the environment. */
export function createClient({ apiKey, baseUrl, timeoutMs }: Pick<RemoteSettings, 'apiKey' | 'baseUrl' | 'timeoutMs'>): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  })
}

/** The OpenAI moderation API, or an endpoint that answers like it. @see https://platform.openai.com/docs/api-reference/moderations */
export function openOpenAi(settings: RemoteSettings & { batch: number }): Queue {
  const client = createClient(settings)
  const { model, patience } = settings
  const queue = openQueue({
    asker: JSON.stringify(['openai', settings.baseUrl ?? null, model]),
    answers: settings.answers,
    batch: settings.batch,
    concurrency: settings.concurrency,
    send: (texts) =>
      ask(async () => {
        const response: unknown = await client.moderations.create({ model, input: [...texts] })
        const parsed = responseSchema.safeParse(response)
        if (!parsed.success) throw new UnusableAnswer('The answer is not in the documented form.')
        const { results } = parsed.data
        if (results.length !== texts.length)
          throw new UnusableAnswer(`The answer has ${results.length} results for ${texts.length} inputs.`)
        return results.map(toModeration)
      }, patience),
  })
  return {
    failed: queue.failed,
    async judge(text) {
      if (text.length <= pieceCharacters) return queue.judge(text)
      return mergePieces(await Promise.all(cut(text).map((piece) => queue.judge(piece))))
    },
  }
}

function toModeration({ categories: on, category_scores: scores }: z.infer<typeof resultSchema>): MessageModeration {
  if (categories.some((category) => typeof on[category] !== 'boolean' || typeof scores[category] !== 'number')) {
    // Older models lack some of the eleven; an absent score must not read as 0.
    throw new UnusableAnswer('The answer lacks one of the eleven categories.')
  }
  const known = new Set<string>(categories)
  const extra = Object.entries(scores).flatMap(([name, score]) => (known.has(name) || score === null ? [] : [[name, score] as const]))
  const set = perCategory((category) => on[category] === true)
  return {
    flagged: categories.some((category) => set[category]),
    categories: set,
    category_scores: perCategory((category) => scores[category] ?? 0),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}),
  }
}

/** One opinion on a message from those on its pieces: each category's highest; failed when any piece failed. */
export function mergePieces(pieces: readonly MessageModeration[]): MessageModeration {
  const failed = pieces.find((piece) => piece.failed !== undefined)
  if (failed) return failed
  const set = perCategory((category) => pieces.some((piece) => piece.categories[category]))
  const names = new Set(pieces.flatMap(({ extra }) => Object.keys(extra ?? {})))
  const extra = Object.fromEntries([...names].map((name) => [name, Math.max(...pieces.map((piece) => piece.extra?.[name] ?? 0))]))
  return {
    flagged: categories.some((category) => set[category]),
    categories: set,
    category_scores: perCategory((category) => Math.max(...pieces.map((piece) => piece.category_scores[category]))),
    ...(names.size > 0 ? { extra } : {}),
  }
}

/** Cuts a long text into pieces, at a space where one is near and never between the halves of a character. */
export function cut(text: string): string[] {
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + pieceCharacters)
    if (to < text.length) {
      const space = text.lastIndexOf(' ', to)
      if (space > to - 200 && space > from) to = space
      const code = text.charCodeAt(to - 1)
      if (code >= 0xd800 && code <= 0xdbff) to -= 1
    }
    pieces.push(text.slice(from, to))
    from = to
  }
  return pieces
}
