import { type ModerationCategory, moderationCategories } from './moderation.ts'
import type { Tally, TokenTally } from './tally.ts'
import type { CurateFacts } from './work.ts'

/** A bar of a histogram: values of [from, to]. */
export interface Bin {
  from: number
  to: number
  count: number
}

/** The content of `stats.json`: what the card and its figures show. Null where the label that it needs was not computed. */
export interface ReleaseStats {
  schema: 1
  conversations: number
  /** Distinct model names other than `unknown`; null when the logs name none. */
  models: number | null
  /** Distinct user hashes; null when the logs name no user. */
  users: number | null
  /** Languages other than `unknown`. */
  languages: number
  averageTurnsPerSample: number
  averageTokensPerPrompt: number | null
  averageTokensPerResponse: number | null
  /** Tokenizer of all token counts, of the text before redaction. */
  tokenizer: 'llama-2' | null
  messages: { user: number; assistant: number; system: number }
  /** Conversations whose consent is recorded. */
  withConsent: number
  perModel: { model: string; conversations: number }[]
  perLanguage: { language: string; code: string; conversations: number }[]
  /** UTC days, without gaps filled; empty when the logs carry no time. */
  perDay: { day: string; conversations: number }[]
  turns: Bin[]
  promptTokens: Bin[] | null
  responseTokens: Bin[] | null
  moderation: {
    conversations: number
    checked: number
    flagged: number
    failed: number
    categories: Record<ModerationCategory, number>
  } | null
  redaction: { conversations: number; spans: number; kinds: Record<string, number> } | null
  rules: { rule: string; dropped: number }[]
}

/** The statistics of a release from its tally and curate's report. */
export function toStats(tally: Tally, curate: CurateFacts): ReleaseStats {
  const { tokens, moderation, redaction } = tally
  const byCount = <T extends { conversations: number }>(name: (item: T) => string) => {
    return (a: T, b: T) => b.conversations - a.conversations || compareText(name(a), name(b))
  }
  const languages = [...tally.languages].map(([language, { code, conversations }]) => ({ language, code, conversations }))
  return {
    schema: 1,
    conversations: tally.conversations,
    models: [...tally.models.keys()].filter((model) => model !== 'unknown').length || null,
    users: tally.withUser > 0 ? curate.users : null,
    languages: languages.filter(({ language }) => language !== 'unknown').length,
    averageTurnsPerSample: round(tally.turns / tally.conversations),
    averageTokensPerPrompt: averageOf(tokens?.prompts),
    averageTokensPerResponse: averageOf(tokens?.responses),
    tokenizer: tokens ? 'llama-2' : null,
    messages: tally.messages,
    withConsent: tally.withConsent,
    perModel: [...tally.models].map(([model, conversations]) => ({ model, conversations })).sort(byCount(({ model }) => model)),
    perLanguage: languages.sort(byCount(({ language }) => language)),
    perDay: [...tally.days].map(([day, conversations]) => ({ day, conversations })).sort((a, b) => compareText(a.day, b.day)),
    turns: turnBins(tally.turnsHistogram),
    promptTokens: tokens && tokenBins(tokens.prompts),
    responseTokens: tokens && tokenBins(tokens.responses),
    moderation: moderation && {
      ...moderation,
      categories: Object.fromEntries(moderationCategories.map((name) => [name, moderation.categories[name]])) as Record<
        ModerationCategory,
        number
      >,
    },
    redaction: redaction && {
      conversations: redaction.conversations,
      spans: redaction.spans,
      kinds: Object.fromEntries([...redaction.kinds].sort(([a], [b]) => compareText(a, b))),
    },
    rules: curate.rules.map(({ rule, dropped }) => ({ rule, dropped })),
  }
}

/** By UTF-16 unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** One bar for each number of turns up to 10, then ever wider ones. */
function turnBins(counts: ReadonlyMap<number, number>): Bin[] {
  const edges = [...Array.from({ length: 11 }, (_, turns) => turns), 11, 16, 21, 31, 51, 101, 201]
  const bins = edges.map((from, index): Bin => ({ from, to: (edges[index + 1] ?? Number.MAX_SAFE_INTEGER + 1) - 1, count: 0 }))
  for (const [turns, count] of counts) {
    const bin = bins.findLast(({ from }) => from <= turns)
    if (bin) bin.count += count
  }
  // A conversation without an answer has no turn; where there is none, neither has the figure.
  return withoutEmptyTail(bins[0]?.count === 0 ? bins.slice(1) : bins)
}

/** Powers of two: 0, 1, 2–3, 4–7, … */
function tokenBins({ histogram }: TokenTally): Bin[] {
  const last = Math.max(-1, ...histogram.keys())
  const bins = Array.from(
    { length: last + 1 },
    (_, bit): Bin => ({ from: 2 ** bit, to: 2 ** (bit + 1) - 1, count: histogram.get(bit) ?? 0 }),
  )
  return [{ from: 0, to: 0, count: histogram.get(-1) ?? 0 }, ...bins]
}

function withoutEmptyTail(bins: readonly Bin[]): Bin[] {
  return bins.slice(0, bins.findLastIndex(({ count }) => count > 0) + 1)
}

function averageOf(side: TokenTally | undefined): number | null {
  return side && side.messages > 0 ? round(side.tokens / side.messages) : null
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
