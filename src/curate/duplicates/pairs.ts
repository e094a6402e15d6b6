import { type Buckets, visitBuckets } from './buckets.ts'
import { createCandidate, openCandidates, type Page } from './candidates.ts'
import { compareShort, leastShort } from './short.ts'
import { compareSketches, leastJaccard } from './similar.ts'
import { openUnion } from './union.ts'

/** This module's tasks, for worker threads. */
export const comparePairsTask = { module: import.meta.url, task: 'comparePairs' }

/** Buckets up to this size are compared pair by pair; in larger ones each text with so many neighbours in the order of their other band keys. */
export const wholeBucket = 48
const neighbours = 12

/** What `comparePairs` is given: all candidates, and which share of the pairs is its own. */
export interface PairsInput {
  share: number
  shares: number
  buckets: readonly Buckets[]
  pages: readonly Page[]
  pageOf: Uint32Array
  scopes: Uint8Array
  /** Parents of the sets among all messages, and among all conversations' prompts; shared with the tasks that compare the other pairs. */
  messages: Int32Array
  prompts: Int32Array
}

/**
 * Worker task: computes the similarity of each candidate pair of its share and joins the similar ones. Pairs that are in one set already are left out, so
 * that how many are compared depends on the order of things; the sets do not.
 */
export function comparePairs(input: PairsInput): { compared: number; similar: number } {
  const { share, shares, buckets, scopes } = input
  const messages = openUnion(input.messages)
  const prompts = openUnion(input.prompts)
  const open = openCandidates(input.pages, input.pageOf)
  const first = createCandidate()
  const second = createCandidate()
  const rejected = createPairs()
  let compared = 0
  let similar = 0
  const compare = (one: number, two: number) => {
    const scope = (scopes[one] ?? 0) & (scopes[two] ?? 0)
    const wantsMessages = (scope & 1) !== 0 && messages.find(one) !== messages.find(two)
    const wantsPrompts = (scope & 2) !== 0 && prompts.find(one) !== prompts.find(two)
    if (!wantsMessages && !wantsPrompts) return
    if (rejected.has(one, two)) return
    compared++
    open(one, first)
    open(two, second)
    const isNear =
      first.isShort && second.isShort
        ? compareShort(first.short, second.short) >= leastShort
        : compareSketches(first.sketch, second.sketch) >= leastJaccard
    if (!isNear) {
      rejected.add(one, two)
      return
    }
    similar++
    if (wantsMessages) messages.join(one, two)
    if (wantsPrompts) prompts.join(one, two)
  }
  for (const found of buckets) {
    visitBuckets(found, (members, length) => {
      const reach = length <= wholeBucket ? length : neighbours
      for (let index = 0; index < length; index++) {
        const one = members[index] ?? 0
        for (let other = index + 1; other < length && other <= index + reach; other++) {
          const two = members[other] ?? 0
          if ((one + two) % shares === share) compare(one, two)
        }
      }
    })
  }
  return { compared, similar }
}

/** Pairs that were compared and are not similar: nearly half come again in another band. A table of 2²¹ places (16 MiB), a later pair in place of an earlier one. */
function createPairs() {
  const size = 1 << 21
  const pairs = new Float64Array(size)
  const keyOf = (one: number, two: number) => Math.min(one, two) * 2 ** 26 + Math.max(one, two)
  const slotOf = (one: number, two: number) => (Math.imul(one, 0x9e3779b1) + Math.imul(two, 0x9e3779b1)) >>> (32 - 21)
  return {
    has: (one: number, two: number): boolean => pairs[slotOf(one, two)] === keyOf(one, two),
    add: (one: number, two: number): void => {
      pairs[slotOf(one, two)] = keyOf(one, two)
    },
  }
}
