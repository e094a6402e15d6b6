import { createHash } from 'node:crypto'
import type { Conversation, Message } from '../../conversation.ts'
import { identityWords } from '../../storage/identity-words.ts'
import type { Column } from '../../storage/parquet.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { cursors, errorTexts, moderationStub, networkError } from './patterns.ts'
import { toSimplified } from './simplify.ts'

/** Facts of form that the cleaning rules decide on, so that rules can change without reading a text again. */
export interface FormatLabel {
  /** The first hit in message order, as FastChat's filter_bad_conv.py finds it; a conversation with several counts once. */
  firstBad: 'bad-format' | 'anonymized' | 'redacted' | 'blocked-word' | null
  networkError: boolean
  errorText: boolean
  moderationStub: boolean
  cursor: boolean
  /** A message without a visible character. */
  emptyTurn: boolean
  /** Speakers do not alternate, or the first one is not the user (a leading system message aside). */
  badOrder: boolean
  /** No answer with a visible character. */
  unanswered: boolean
  /** An answer names a model or its maker. */
  identityWord: boolean
  messages: number
  prompts: number
  /** Length of the longest prompt in UTF-16 units, without outer white space. */
  longestPrompt: number
  characters: number
  /** 16 hex digits of all prompts together, without case and repeated white space: equal for repeated prompts. */
  promptKey: string
}

/** Settings of the format labeller: words whose presence bars a conversation, as the user's list has them. */
export interface FormatSettings {
  blockedWords: readonly string[]
}

const columns: readonly Column[] = [
  { name: 'first_bad', type: 'string' },
  { name: 'network_error', type: 'boolean' },
  { name: 'error_text', type: 'boolean' },
  { name: 'moderation_stub', type: 'boolean' },
  { name: 'cursor', type: 'boolean' },
  { name: 'empty_turn', type: 'boolean' },
  { name: 'bad_order', type: 'boolean' },
  { name: 'unanswered', type: 'boolean' },
  { name: 'identity_word', type: 'boolean' },
  { name: 'messages', type: 'int32' },
  { name: 'prompts', type: 'int32' },
  { name: 'longest_prompt', type: 'int32' },
  { name: 'characters', type: 'int32' },
  { name: 'prompt_key', type: 'string' },
]

/** The labeller `format`. Blocked words are compared as FastChat did: simplified, but not lower-cased, against lower-cased messages. */
export function createFormatLabeller({ blockedWords }: FormatSettings): Labeller<FormatLabel> {
  const blocked = blockedWords.map(toSimplified)
  const listHash = createHash('sha256').update(JSON.stringify(blockedWords)).digest('hex')
  const version = '1'
  return {
    name: 'format',
    version,
    fingerprint: fingerprintOf('format', version, listHash),
    columns,
    about: { settings: { blockedWords: blockedWords.length, blockedWordsSha256: listHash } },
    label: (conversation) => label(conversation, blocked),
    toRow: (facts) => ({
      first_bad: facts.firstBad,
      network_error: facts.networkError,
      error_text: facts.errorText,
      moderation_stub: facts.moderationStub,
      cursor: facts.cursor,
      empty_turn: facts.emptyTurn,
      bad_order: facts.badOrder,
      unanswered: facts.unanswered,
      identity_word: facts.identityWord,
      messages: facts.messages,
      prompts: facts.prompts,
      longest_prompt: facts.longestPrompt,
      characters: facts.characters,
      prompt_key: facts.promptKey,
    }),
  }
}

function label({ messages }: Conversation, blocked: readonly string[]): FormatLabel {
  const lower = messages.map(({ content }) => content.toLowerCase())
  const prompts = messages.filter(({ role }) => role === 'user')
  const answers = lower.filter((_, index) => messages[index]?.role === 'assistant')
  const hasAny = (words: readonly string[]) => lower.some((text) => words.some((word) => text.includes(word)))
  return {
    firstBad: findFirstBad(lower, blocked),
    networkError: lower.some((text) => text.includes(networkError)),
    errorText: hasAny(errorTexts),
    moderationStub: lower.some((text) => text.includes(moderationStub)),
    // A cursor stands at the end of an unfinished answer; inside a text it may be what the conversation is about.
    cursor: answers.some((text) => cursors.some((cursor) => text.trimEnd().endsWith(cursor))),
    emptyTurn: messages.some(({ content }) => content.trim() === ''),
    badOrder: isBadOrder(messages),
    unanswered: answers.every((text) => text.trim() === ''),
    identityWord: answers.some((text) => identityWords.some((word) => text.includes(word))),
    messages: messages.length,
    prompts: prompts.length,
    longestPrompt: prompts.reduce((longest, { content }) => Math.max(longest, content.trim().length), 0),
    characters: messages.reduce((sum, { content }) => sum + content.length, 0),
    promptKey: keyOf(prompts),
  }
}

/** @see FastChat serve/monitor/dataset_release_scripts/lmsys_chat_1m/filter_bad_conv.py (detect_type) */
function findFirstBad(lower: readonly string[], blocked: readonly string[]): FormatLabel['firstBad'] {
  if (lower.length === 0) return 'bad-format'
  for (const text of lower) {
    if (text.includes('<anonymized>')) return 'anonymized'
    if (text.includes('<redacted>')) return 'redacted'
    if (blocked.length === 0) continue
    const simplified = toSimplified(text)
    if (blocked.some((word) => simplified.includes(word))) return 'blocked-word'
  }
  return null
}

function isBadOrder(messages: readonly Message[]): boolean {
  const spoken = messages[0]?.role === 'system' ? messages.slice(1) : messages
  return spoken.some(({ role }, index) => role !== (index % 2 === 0 ? 'user' : 'assistant'))
}

function keyOf(prompts: readonly Message[]): string {
  const hash = createHash('md5')
  for (const { content } of prompts) hash.update(content.toLowerCase().replace(/\s+/g, ' ').trim()).update('\0')
  return hash.digest('hex').slice(0, 16)
}
