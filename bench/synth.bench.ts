import llama from 'llama-tokenizer-js'
import { loadSynthData } from '../src/collect/synth/data.ts'
import { synthesise } from '../src/collect/synth/synthesise.ts'
import { createLlamaCounter } from '../src/curate/tokens/llama.ts'

type Figures = Record<string, number | string>

const data = loadSynthData()
const round = (value: number, digits = 2) => Number(value.toFixed(digits))

/** Final messages of each conversation of a small synthetic log, by its last chat line. */
export function readConversations(conversations: number, seed: number): { role: string; text: string }[][] {
  const latest = new Map<string, { at: number; messages: [string, string][] }>()
  for (const output of synthesise(data, { conversations, seed })) {
    if (output.to !== 'log' || !output.bytes.includes('"type":"chat"')) continue
    try {
      const { tstamp, state } = JSON.parse(output.bytes.toString('utf8'))
      if ((latest.get(state.conv_id)?.at ?? 0) <= tstamp)
        latest.set(state.conv_id, { at: tstamp, messages: state.messages.slice(state.offset) })
    } catch {
      // A line damaged on purpose.
    }
  }
  return [...latest.values()]
    .filter(({ messages }) => Array.isArray(messages) && messages.every(([, text]) => typeof text === 'string'))
    .map(({ messages }) => messages.map(([, text], index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', text })))
}

/** Share of different n-grams of words among the first million words. */
export function distinctShare(texts: Iterable<string>, n: number): number {
  const seen = new Set<string>()
  let count = 0
  for (const text of texts) {
    const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    for (let at = 0; at + n <= words.length && count < 1_000_000; at++, count++) seen.add(words.slice(at, at + n).join(' '))
  }
  return seen.size / Math.max(1, count)
}

/** Mean and quantiles of a list of numbers, as one cell. */
function spread(values: number[]): string {
  const sorted = values.toSorted((left, right) => left - right)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return `mean ${mean.toFixed(1)}; 10/50/90/99 %: ${[0.1, 0.5, 0.9, 0.99].map(at).join('/')}`
}

/** Speed, and how near the proportions are to LMSYS-Chat-1M's. */
export const trials: { name: string; run(): Promise<Figures> }[] = [
  {
    name: 'synth: 20,000 conversations, made and thrown away',
    run: async () => {
      let bytes = 0
      const started = performance.now()
      for (const output of synthesise(data, { conversations: 20_000, seed: 1 })) if (output.to === 'log') bytes += output.bytes.length
      const seconds = (performance.now() - started) / 1000
      return { 'conversations/s': round(20_000 / seconds, 0), 'MB/s': round(bytes / 1e6 / seconds) }
    },
  },
  {
    name: 'synth: proportions of 20,000 conversations',
    run: async () => {
      const count = createLlamaCounter(llama)
      const all = readConversations(20_000, 1)
      const messages = all.flat()
      const of = (role: string) => messages.filter((message) => message.role === role).map(({ text }) => text)
      return {
        turns: spread(all.map((conversation) => conversation.length / 2)),
        'tokens a prompt': spread(of('user').map(count)),
        'tokens an answer': spread(of('assistant').map(count)),
        'distinct 2-grams of a million words': round(
          distinctShare(
            messages.map(({ text }) => text),
            2,
          ),
          3,
        ),
        'distinct 3-grams of a million words': round(
          distinctShare(
            messages.map(({ text }) => text),
            3,
          ),
          3,
        ),
        'distinct 4-grams of a million words': round(
          distinctShare(
            messages.map(({ text }) => text),
            4,
          ),
          3,
        ),
      }
    },
  },
]
