/** A count of numbers from `from` to `to`, both included. */
export interface Bin {
  from: number
  to: number
  count: number
}

/** What a release says of itself in its stats.json, as far as the pages draw it; what is absent or of another shape is empty. */
export interface ReleaseStats {
  conversations: number
  users: number
  averageTurns: number | null
  averagePromptTokens: number | null
  averageResponseTokens: number | null
  tokenizer: string
  promptTokens: Bin[]
  responseTokens: Bin[]
  days: { day: string; count: number }[]
  /** Flagged messages by category, and how many messages had an opinion. */
  flaggedMessages: [string, number][]
  checkedMessages: number
  redactions: [string, number][]
}

/** Reads stats.json of a release; never throws. */
export function readReleaseStats(text: string): ReleaseStats | undefined {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return undefined
  }
  const all = record(found)
  const moderation = record(all.moderation)
  return {
    conversations: number(all.conversations) ?? 0,
    users: number(all.users) ?? 0,
    averageTurns: number(all.averageTurnsPerSample),
    averagePromptTokens: number(all.averageTokensPerPrompt),
    averageResponseTokens: number(all.averageTokensPerResponse),
    tokenizer: typeof all.tokenizer === 'string' ? all.tokenizer : '',
    promptTokens: bins(all.promptTokens),
    responseTokens: bins(all.responseTokens),
    days: list(all.perDay).flatMap((one) => {
      const { day, conversations } = record(one)
      return typeof day === 'string' && typeof conversations === 'number' ? [{ day, count: conversations }] : []
    }),
    flaggedMessages: counts(moderation.categories),
    checkedMessages: number(moderation.checked) ?? 0,
    redactions: counts(record(all.redaction).kinds),
  }
}

/** Days without conversations between the first and the last are there with 0, so that a chart's axis is time. */
export function everyDay(days: readonly { day: string; count: number }[]): { day: string; count: number }[] {
  const sorted = [...days].sort((a, b) => (a.day < b.day ? -1 : 1))
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (!first || !last) return []
  const known = new Map(sorted.map(({ day, count }) => [day, count]))
  const found: { day: string; count: number }[] = []
  const end = Date.parse(last.day)
  // A century is no calendar of a dataset, but a faulty date.
  for (let at = Date.parse(first.day); at <= end && found.length < 36_525; at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    found.push({ day, count: known.get(day) ?? 0 })
  }
  return found
}

/** Days summed by month, `2023-08`. */
export function byMonth(days: readonly { day: string; count: number }[]): { month: string; count: number }[] {
  const months = new Map<string, number>()
  for (const { day, count } of days) months.set(day.slice(0, 7), (months.get(day.slice(0, 7)) ?? 0) + count)
  return [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, count]) => ({ month, count }))
}

function counts(value: unknown): [string, number][] {
  return Object.entries(record(value))
    .flatMap(([name, count]): [string, number][] => (typeof count === 'number' ? [[name, count]] : []))
    .sort((a, b) => b[1] - a[1])
}

function bins(value: unknown): Bin[] {
  const all = list(value).flatMap((one) => {
    const { from, to, count } = record(one)
    return typeof from === 'number' && typeof to === 'number' && typeof count === 'number' ? [{ from, to, count }] : []
  })
  const first = all.findIndex(({ count }) => count > 0)
  const last = all.findLastIndex(({ count }) => count > 0)
  return first < 0 ? [] : all.slice(first, last + 1)
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
