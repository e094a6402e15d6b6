import bpe from 'gpt-tokenizer/bpeRanks/o200k_base'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import llama from 'llama-tokenizer-js'
import { createLlamaCounter } from '../src/curate/tokens/llama.ts'
import { createO200kCounter } from '../src/curate/tokens/o200k.ts'

type Figures = Record<string, number | string>

const countLlama = createLlamaCounter(llama)
const countO200k = createO200kCounter(bpe)

/** Token counting over texts (messages), each method in MB of UTF-8 a second on one core; the reference packages beside it. */
export function measureTokens(texts: readonly string[]): Figures {
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6
  const few = texts.slice(0, Math.ceil(texts.length / 20))
  const fewMegabytes = few.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6
  const rate = (count: (text: string) => number, among: readonly string[], size: number) => {
    const start = performance.now()
    for (const text of among) count(text)
    return Number((size / ((performance.now() - start) / 1000)).toFixed(2))
  }
  return {
    megabytes: Number(megabytes.toFixed(2)),
    'llama MB/s, first pass': rate(countLlama, texts, megabytes),
    'llama MB/s': rate(countLlama, texts, megabytes),
    'o200k MB/s, first pass': rate(countO200k, texts, megabytes),
    'o200k MB/s': rate(countO200k, texts, megabytes),
    'both MB/s': rate((text) => countLlama(text) + countO200k(text), texts, megabytes),
    'llama-tokenizer-js MB/s': rate((text) => llama.encode(text, false).length, few, fewMegabytes),
    'gpt-tokenizer MB/s': rate((text) => countTokens(text, { disallowedSpecial: new Set() }), few, fewMegabytes),
  }
}

const unit = 'abcdefghijklmnop'

export const trials: { name: string; run(): Promise<Figures> }[] = [
  {
    name: 'tokens: one word of 1 and of 4 million letters',
    run: async () => {
      const seconds = (count: (text: string) => number, letters: number) => {
        const text = unit.repeat(letters / unit.length)
        const start = performance.now()
        count(text)
        return Number(((performance.now() - start) / 1000).toFixed(2))
      }
      return {
        'llama 1 M, s': seconds(countLlama, 1_000_000),
        'llama 4 M, s': seconds(countLlama, 4_000_000),
        'o200k 1 M, s': seconds(countO200k, 1_000_000),
        'o200k 4 M, s': seconds(countO200k, 4_000_000),
      }
    },
  },
]
