import { createHash } from 'node:crypto'
import type { Labeller } from '../labeller.ts'
import { fingerprintOf } from '../labeller.ts'
import { createLlamaCounter } from './llama.ts'
import { createO200kCounter } from './o200k.ts'

/** Tokens of each message of a conversation, in order: `messages` by the Llama-2 tokenizer (the LMSYS card's), `o200k` by OpenAI's. */
export interface TokensLabel {
  messages: number[]
  o200k: number[]
}

/**
 * The labeller of token counts: no settings; its weights are the two vocabularies, loaded here (about half a second, 60 MB).
 * Counts are those of `llama-tokenizer-js` (no BOS, with the preceding space) and `gpt-tokenizer` (special tokens as text).
 */
export async function createTokensLabeller(): Promise<Labeller<TokensLabel>> {
  const [{ default: llama }, { default: o200k }] = await Promise.all([
    import('llama-tokenizer-js'),
    import('gpt-tokenizer/bpeRanks/o200k_base'),
  ])
  const countLlama = createLlamaCounter(llama)
  const countO200k = createO200kCounter(o200k)
  const version = '1'
  const vocabularies = createHash('sha256')
    .update(llama.vocabById.join('\n'))
    .update([...llama.merges.keys()].join('\n'))
    .update(o200k.join('\n'))
  return {
    name: 'tokens',
    version,
    fingerprint: fingerprintOf('tokens', version, vocabularies.digest('hex')),
    columns: [
      { name: 'messages', type: { list: 'int32' } },
      { name: 'o200k', type: { list: 'int32' } },
    ],
    label: ({ messages }) => ({
      messages: messages.map(({ content }) => countLlama(content)),
      o200k: messages.map(({ content }) => countO200k(content)),
    }),
    toRow: ({ messages, o200k }) => ({ messages, o200k }),
  }
}
