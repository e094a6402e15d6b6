import type { Conversation } from '../../conversation.ts'
import type { RedactionLabeller } from './redaction.ts'

/** One finding for a person to grade: `grade` is to become true (a personal datum of this kind) or false. */
export interface ReviewItem {
  conversation: string
  message: number
  kind: string
  decision: 'redacted' | 'near-miss'
  rule: string
  confidence: number
  /** Up to 80 units to each side, and the finding itself. */
  before: string
  text: string
  after: string
  grade: boolean | null
}

/** How many findings there were, of which the items are a sample. The first line of a review file. */
export interface ReviewPopulation {
  /** The labeller's, so that grades are never shown for another one. */
  fingerprint: string
  population: Record<string, { redacted: number; nearMisses: number }>
}

/** Draws a uniform sample of the redactions and one of the near misses, each up to `size`, from a stream of conversations, in one pass. */
export async function sampleReview(
  conversations: AsyncIterable<readonly Conversation[]>,
  labeller: Pick<RedactionLabeller, 'explain'>,
  { size, random }: { size: number; random: () => number },
): Promise<{ population: ReviewPopulation['population']; items: ReviewItem[] }> {
  const population: ReviewPopulation['population'] = {}
  const redacted = createReservoir(size, random)
  const missed = createReservoir(size, random)
  for await (const group of conversations) {
    for (const { id, messages } of group) {
      const { spans, nearMisses } = labeller.explain({ messages })
      for (const [decision, list] of [
        ['redacted', spans],
        ['near-miss', nearMisses],
      ] as const) {
        for (const { message, start, end, kind, rule, confidence } of list) {
          const counts = population[kind] ?? { redacted: 0, nearMisses: 0 }
          population[kind] = counts
          if (decision === 'redacted') counts.redacted++
          else counts.nearMisses++
          const text = messages[message]?.content ?? ''
          const reservoir = decision === 'redacted' ? redacted : missed
          reservoir.offer(() => ({
            conversation: id,
            message,
            kind,
            decision,
            rule,
            confidence: Number(confidence.toFixed(3)),
            before: text.slice(Math.max(0, start - 80), start),
            text: text.slice(start, end),
            after: text.slice(end, end + 80),
            grade: null,
          }))
        }
      }
    }
  }
  return { population, items: [...redacted.items(), ...missed.items()] }
}

/** Keeps `size` of a stream, each with the same chance (Vitter's algorithm R). */
function createReservoir(size: number, random: () => number): { offer(make: () => ReviewItem): void; items(): ReviewItem[] } {
  const kept: ReviewItem[] = []
  let seen = 0
  return {
    offer(make) {
      seen++
      if (kept.length < size) kept.push(make())
      else {
        const place = Math.floor(random() * seen)
        if (place < size) kept[place] = make()
      }
    },
    items: () => kept,
  }
}
