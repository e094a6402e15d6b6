import type { Conversation } from '../../conversation.ts'
import type { Row } from '../../storage/parquet.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { patternKeys, patternShapes } from './patterns.ts'
import { createJoiner, createScanner, encodeId, finish } from './scan.ts'
import { characterBanding, createSigner, type Signature, shortTokens, sketchSize, wordBanding } from './signature.ts'
import { createUnits } from './units.ts'

/** The signature of one text of a conversation: of the user message with that index, or of all user messages together (`message` -1). */
export interface TextSignature extends Signature {
  message: number
}

/** All that whole-set work needs of a conversation, so that it never reads the texts again. Ids are 10 characters of URL-safe base64. */
export interface ConversationSignature {
  /** Ids of the texts as they are. */
  exact: { firstPrompt: string; prompts: string; conversation: string }
  /** Ids of the normalised texts. */
  normal: { firstPrompt: string; prompts: string; conversation: string }
  texts: TextSignature[]
  patterns: string
  startedAt: string | null
  user: string | null
  vote: number
  length: number
}

/** The per-conversation half of `duplicates`: hashes, MinHash band keys, sketches and pattern keys. Deterministic, needs no settings. */
export function createSignatureLabeller(): Labeller<ConversationSignature> {
  const version = '2'
  const scan = createScanner()
  const joiner = createJoiner()
  const sign = createSigner()
  return {
    name: 'signatures',
    version,
    fingerprint: fingerprintOf(version, wordBanding, characterBanding, sketchSize, shortTokens, patternShapes),
    columns: [
      { name: 'exact_first_prompt', type: 'string' },
      { name: 'exact_prompts', type: 'string' },
      { name: 'exact_conversation', type: 'string' },
      { name: 'normal_first_prompt', type: 'string' },
      { name: 'normal_prompts', type: 'string' },
      { name: 'normal_conversation', type: 'string' },
      {
        name: 'texts',
        type: {
          list: {
            struct: [
              { name: 'message', type: 'int32' },
              { name: 'id', type: 'string' },
              { name: 'word_bands', type: 'string' },
              { name: 'character_bands', type: 'string' },
              { name: 'shingles', type: 'int32' },
              { name: 'sketch', type: 'string' },
              { name: 'short', type: 'string' },
            ],
          },
        },
      },
      { name: 'patterns', type: 'string' },
      { name: 'started_at', type: 'timestamp' },
      { name: 'user', type: 'string' },
      { name: 'vote', type: 'int32' },
      { name: 'length', type: 'int32' },
    ],
    label(conversation) {
      const texts: TextSignature[] = []
      const exactConversation = createHasher()
      const exactPrompts = createHasher()
      let patterns = ''
      let exactFirst = ''
      let normalFirst = ''
      let normalHigh = 0x2545f491
      let normalLow = 0x5bd1e995
      joiner.clear()
      let prompts = 0
      let length = 0
      for (const [index, { role, content }] of conversation.messages.entries()) {
        exactConversation.add(role)
        exactConversation.add(content)
        length += content.length
        const scanned = scan(content)
        normalHigh = Math.imul(normalHigh ^ scanned.high, 0x01000193) ^ role.length
        normalLow = Math.imul(normalLow + scanned.low, 0x85ebca77) ^ role.length
        if (role !== 'user') continue
        prompts++
        exactPrompts.add(content)
        joiner.add(scanned)
        if (prompts === 1) {
          normalFirst = encodeId(scanned.high, scanned.low)
          exactFirst = exactPrompts.id()
          patterns = patternKeys(scanned)
        }
        if (scanned.count > 0) texts.push({ message: index, ...sign(scanned) })
      }
      let normalPrompts = normalFirst
      if (prompts > 1) {
        const scanned = joiner.joined()
        normalPrompts = encodeId(scanned.high, scanned.low)
        if (scanned.count > 0) texts.push({ message: -1, ...sign(scanned) })
      }
      return {
        exact: { firstPrompt: exactFirst, prompts: exactPrompts.id(), conversation: exactConversation.id() },
        normal: {
          firstPrompt: normalFirst,
          prompts: normalPrompts,
          conversation: encodeId(finish(normalHigh) >>> 2, finish(normalLow) >>> 2),
        },
        texts,
        patterns,
        startedAt: conversation.startedAt ?? null,
        user: conversation.user ?? null,
        vote: voteOf(conversation),
        length,
      }
    },
    toRow,
  }
}

function toRow({ exact, normal, texts, patterns, startedAt, user, vote, length }: ConversationSignature): Row {
  return {
    exact_first_prompt: exact.firstPrompt,
    exact_prompts: exact.prompts,
    exact_conversation: exact.conversation,
    normal_first_prompt: normal.firstPrompt,
    normal_prompts: normal.prompts,
    normal_conversation: normal.conversation,
    texts,
    patterns,
    started_at: startedAt === null ? null : new Date(startedAt),
    user,
    vote,
    length,
  }
}

function voteOf({ outcome }: Conversation): number {
  return outcome?.vote === 'upvote' ? 1 : outcome?.vote === 'downvote' ? -1 : 0
}

const read = createUnits()

/** 60 bits over texts as they are; the bounds between texts count. */
function createHasher(): { add(text: string): void; id(): string } {
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  return {
    add(text) {
      const { pairs } = read(text)
      const end = (text.length + 1) >> 1
      // Kept in variables of the loop: those that a function closes over are written to memory each time.
      let one = high
      let two = low
      for (let at = 0; at < end; at++) {
        const pair = pairs[at] ?? 0
        one = Math.imul(one ^ pair, 0x01000193) ^ (one >>> 15)
        two = Math.imul(two ^ pair, 0x5bd1e995) ^ (two >>> 11)
      }
      high = Math.imul(one ^ text.length, 0x01000193) ^ (one >>> 15)
      low = Math.imul(two ^ text.length, 0x85ebca77) ^ (two >>> 13)
    },
    id: () => encodeId(finish(high) >>> 2, finish(low) >>> 2),
  }
}
