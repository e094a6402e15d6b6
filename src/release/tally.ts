import type { Labelled } from './labelled.ts'
import { type ModerationCategory, moderationCategories } from './moderation.ts'
import { failedVerdict, flaggedBit } from './verdicts.ts'

/** Whole-number counts over some rows of a release; tallies of parts add up to the tally of the whole, in any order. Survives structured cloning. */
export interface Tally {
  conversations: number
  messages: { user: number; assistant: number; system: number }
  turns: number
  withConsent: number
  withUser: number
  withDay: number
  models: Map<string, number>
  /** By language name. */
  languages: Map<string, { code: string; conversations: number }>
  /** By day, `YYYY-MM-DD`, UTC. */
  days: Map<string, number>
  /** Conversations by number of turns. */
  turnsHistogram: Map<number, number>
  /** Null when no tokens label was there. */
  tokens: { prompts: TokenTally; responses: TokenTally } | null
  moderation: ModerationTally | null
  redaction: { conversations: number; spans: number; kinds: Map<string, number> } | null
  /** Row that may be quoted on the card: short, moderated as clean, with nothing to redact. The one with the lowest position wins. */
  sample: { position: number; score: number } | null
}

/** Llama-2 tokens of one side's messages; the histogram's bin `b` holds messages of [2^b, 2^(b+1)) tokens, bin -1 those without any. */
export interface TokenTally {
  messages: number
  tokens: number
  histogram: Map<number, number>
}

/** Moderation counts: a conversation counts once for a category however many of its messages are flagged for it. */
export interface ModerationTally {
  conversations: number
  checked: number
  flagged: number
  failed: number
  categories: Record<ModerationCategory, number>
}

/** A tally of nothing. */
export function emptyTally(labels: ReadonlySet<string>): Tally {
  const categories = Object.fromEntries(moderationCategories.map((name) => [name, 0])) as Record<ModerationCategory, number>
  const side = (): TokenTally => ({ messages: 0, tokens: 0, histogram: new Map() })
  return {
    conversations: 0,
    messages: { user: 0, assistant: 0, system: 0 },
    turns: 0,
    withConsent: 0,
    withUser: 0,
    withDay: 0,
    models: new Map(),
    languages: new Map(),
    days: new Map(),
    turnsHistogram: new Map(),
    tokens: labels.has('tokens') ? { prompts: side(), responses: side() } : null,
    moderation: labels.has('moderation') ? { conversations: 0, checked: 0, flagged: 0, failed: 0, categories } : null,
    redaction: labels.has('redaction') ? { conversations: 0, spans: 0, kinds: new Map() } : null,
    sample: null,
  }
}

/** Adds one row. */
export function tallyRow(tally: Tally, labelled: Labelled): void {
  const { conversation, language } = labelled
  tally.conversations++
  tally.turns += conversation.turns
  for (const { role } of conversation.messages) tally.messages[role]++
  if (conversation.consent) tally.withConsent++
  if (conversation.user !== undefined) tally.withUser++
  raise(tally.models, conversation.model)
  raise(tally.turnsHistogram, conversation.turns)
  if (conversation.startedAt !== undefined) {
    tally.withDay++
    raise(tally.days, conversation.startedAt.slice(0, 10))
  }
  const name = language?.name ?? 'unknown'
  raiseLanguage(tally, name, language?.code ?? 'und', 1)
  tallyTokens(tally, labelled)
  const isClean = tallyModeration(tally, labelled)
  const isUntouched = tallyRedaction(tally, labelled)
  if (isClean && isUntouched) offerSample(tally, labelled)
}

/** Adds the second tally to the first. */
export function addTally(into: Tally, from: Tally): void {
  addCounts(into, from, ['conversations', 'turns', 'withConsent', 'withUser', 'withDay'])
  addCounts(into.messages, from.messages, ['user', 'assistant', 'system'])
  mergeCounts(into.models, from.models)
  mergeCounts(into.days, from.days)
  mergeCounts(into.turnsHistogram, from.turnsHistogram)
  for (const [name, { code, conversations }] of from.languages) raiseLanguage(into, name, code, conversations)
  for (const side of ['prompts', 'responses'] as const) {
    if (!into.tokens || !from.tokens) continue
    addCounts(into.tokens[side], from.tokens[side], ['messages', 'tokens'])
    mergeCounts(into.tokens[side].histogram, from.tokens[side].histogram)
  }
  if (into.moderation && from.moderation) {
    addCounts(into.moderation, from.moderation, ['conversations', 'checked', 'flagged', 'failed'])
    addCounts(into.moderation.categories, from.moderation.categories, moderationCategories)
  }
  if (into.redaction && from.redaction) {
    addCounts(into.redaction, from.redaction, ['conversations', 'spans'])
    mergeCounts(into.redaction.kinds, from.redaction.kinds)
  }
  if (from.sample && isBetter(from.sample, into.sample)) into.sample = from.sample
}

function tallyTokens({ tokens }: Tally, { conversation, tokens: found }: Labelled): void {
  if (!tokens || !found) return
  for (const [index, { role }] of conversation.messages.entries()) {
    const side = role === 'user' ? tokens.prompts : role === 'assistant' ? tokens.responses : undefined
    const count = found.messages[index]
    if (!side || count === undefined) continue
    side.messages++
    side.tokens += count
    raise(side.histogram, count === 0 ? -1 : Math.floor(Math.log2(count)))
  }
}

/** Adds the moderation; true when every message was checked and none is flagged. */
function tallyModeration({ moderation }: Tally, { moderation: found }: Labelled): boolean {
  if (!moderation || !found) return false
  let hit = 0
  let failed = 0
  for (const flags of found.flags) {
    if (flags & failedVerdict) failed++
    else if (flags & flaggedBit) moderation.flagged++
    if (!(flags & failedVerdict)) hit |= flags
  }
  moderation.failed += failed
  moderation.checked += found.flags.length - failed
  for (const [place, name] of moderationCategories.entries()) if (hit & (1 << place)) moderation.categories[name]++
  if (hit & flaggedBit) moderation.conversations++
  return failed === 0 && hit === 0
}

/** Adds the redaction; true when it ran and found nothing. */
function tallyRedaction({ redaction }: Tally, { redaction: found }: Labelled): boolean {
  if (!redaction || !found) return false
  if (found.spans.length === 0) return true
  redaction.conversations++
  redaction.spans += found.spans.length
  for (const { kind } of found.spans) raise(redaction.kinds, kind)
  return false
}

/** English, two messages, each long enough to show something and short enough to print. */
function offerSample(tally: Tally, { position, conversation: { messages }, language }: Labelled): void {
  const [prompt, response] = messages
  if (messages.length !== 2 || prompt?.role !== 'user' || response?.role !== 'assistant') return
  if (prompt.content.length < 20 || prompt.content.length > 300 || response.content.length < 40 || response.content.length > 600) return
  const sample = { position, score: language?.code === 'en' ? 1 : 0 }
  if (isBetter(sample, tally.sample)) tally.sample = sample
}

function isBetter(sample: { position: number; score: number }, than: Tally['sample']): boolean {
  return !than || sample.score > than.score || (sample.score === than.score && sample.position < than.position)
}

function addCounts<Name extends string>(into: Record<Name, number>, from: Record<Name, number>, names: readonly Name[]): void {
  for (const name of names) into[name] += from[name]
}

function mergeCounts<Key>(into: Map<Key, number>, from: ReadonlyMap<Key, number>): void {
  for (const [key, count] of from) raise(into, key, count)
}

function raise<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

function raiseLanguage({ languages }: Tally, name: string, code: string, by: number): void {
  const known = languages.get(name)
  if (known) known.conversations += by
  else languages.set(name, { code, conversations: by })
}
