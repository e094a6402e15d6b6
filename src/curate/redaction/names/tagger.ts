import { firstAbove } from '../../../bisect.ts'
import type { Finding } from '../finding.ts'
import { known } from '../reading/gazetteer.ts'
import type { Lexicon } from '../reading/lexicon.ts'
import { shape, type Tokens } from '../reading/tokens.ts'
import type { Words } from '../reading/words.ts'
import { type Chain, computeMarginals, labels, openTransitions } from './chain.ts'
import { createScorer } from './scorer.ts'
import { findSegments } from './segments.ts'

/** Tags names among the tokens of one text. */
export interface Tagger {
  tag(tokens: Tokens): Finding[]
}

/** What the tagger knows of words. */
export interface Known {
  words: Words
  lexicon: Lexicon
}

/** Segments longer than this are cut: a page in capitals stays linear and small in memory. */
const longest = 64

/**
 * The tagger over a gazetteer and a trained chain. A name is a run of tokens whose probability of being inside one reaches `threshold`; it is as
 * sure as the mean of its tokens. Runs above `nearMiss` are given, too.
 */
export function createTagger({ words, lexicon }: Known, chain: Chain, threshold: number, nearMiss = 0.12): Tagger {
  const scorer = createScorer(chain, words, lexicon)
  const steps = openTransitions(chain)
  const scores = new Float64Array(longest * labels)
  const marginals = new Float64Array(longest * labels)
  const passes = { own: new Float64Array(longest * labels), forward: new Float64Array(longest * labels) }

  return {
    tag(tokens) {
      const { flags } = tokens
      const found: Finding[] = []
      for (const segment of findSegments(tokens, flags)) {
        for (let first = segment.first; first <= segment.last; first += longest) {
          const last = Math.min(segment.last, first + longest - 1)
          scorer.score(tokens, segment, first, last, scores)
          computeMarginals(scores, last - first + 1, steps, marginals, passes)
          collect(tokens, marginals, first, last, threshold, found)
          if (nearMiss < threshold) collect(tokens, marginals, first, last, nearMiss, found)
        }
      }
      return joinLists(tokens, flags, withoutTitles(tokens, flags, found), threshold)
    },
  }
}

/** Runs of tokens at or above the threshold, parted where a new name begins. */
function collect(tokens: Tokens, marginals: Float64Array, first: number, last: number, threshold: number, found: Finding[]): void {
  let start = -1
  let sum = 0
  const close = (end: number) => {
    if (start < 0) return
    const [from, to] = trim(tokens, start, end)
    if (from <= to) {
      const mean = sum / (end - start + 1)
      const confidence = Math.min(0.99, isLower(tokens, from, to) ? mean * lowerDoubt : mean)
      found.push({ start: tokens.start[from] ?? 0, end: tokens.end[to] ?? 0, kind: 'PERSON', confidence, rule: 'name-model' })
    }
    start = -1
    sum = 0
  }
  for (let at = first; at <= last; at++) {
    const place = (at - first) * labels
    const [begin, inside] = [marginals[place + 1] ?? 0, marginals[place + 2] ?? 0]
    if (begin + inside < threshold) {
      close(at - 1)
      continue
    }
    if (start >= 0 && begin > inside) close(at - 1)
    if (start < 0) start = at
    sum += begin + inside
  }
  close(last)
}

/** Names all in lower case must be surer: everyday words are many more. */
const lowerDoubt = 0.8

function isLower(tokens: Tokens, from: number, to: number): boolean {
  for (let at = from; at <= to; at++) if ((tokens.shape[at] ?? 0) > shape.lower) return false
  return true
}

/** A name does not begin or end with punctuation, but for the full stop of an initial, nor begin with 'Mr.' or 'Dr.'. */
function trim(tokens: Tokens, start: number, end: number): [number, number] {
  let [from, to] = [start, end]
  while (from <= to && ((tokens.shape[from] ?? 0) < 3 || (from + 1 < to && isShortTitle(tokens, from)))) from++
  while (to >= from && (tokens.shape[to] ?? 0) < 3) to--
  return [from, to]
}

/** A title with its full stop; 'M.' may be an initial. */
function isShortTitle({ flags, shape: shapes, hash, spaced }: Tokens, at: number): boolean {
  const bits = flags[at] ?? 0
  return (bits & known.title) !== 0 && !(bits & known.given) && shapes[at] !== shape.initial && hash[at + 1] === 46 && spaced[at + 1] === 0
}

const otherwise = known.title | known.role | known.kin | known.greeting

/** 'Sir' and 'Professor' alone are nobody's name. */
function withoutTitles(tokens: Tokens, flags: Uint32Array, found: readonly Finding[]): Finding[] {
  let at = 0
  return [...found]
    .sort((a, b) => a.start - b.start)
    .filter(({ start, end }) => {
      while (at > 0 && (tokens.start[at] ?? 0) > start) at--
      while (at < tokens.count && (tokens.start[at] ?? 0) < start) at++
      for (let token = at; token < tokens.count && (tokens.start[token] ?? 0) < end; token++) {
        const bits = flags[token] ?? 0
        if (!(bits & otherwise) || bits & known.given) return true
      }
      return false
    })
}

/** A doubtful name beside a sure one in an enumeration ('Lang and Fowler', 'Jan, Kristi, Julie') is one, too. */
function joinLists(tokens: Tokens, flags: Uint32Array, found: Finding[], threshold: number): Finding[] {
  const isList = (from: number, to: number) => {
    if (to - from < 2 || to - from > 8) return false
    const between = tokens.text.slice(from, to).trim()
    if (between === ',' || between === '&') return true
    return /^,? ?\p{L}{1,3}$/u.test(between) && isAnd(tokens, flags, from, to)
  }
  for (const [index, finding] of found.entries()) {
    if (finding.confidence >= threshold || /\s/.test(tokens.text.slice(finding.start, finding.end))) continue
    const [left, right] = [found[index - 1], found[index + 1]]
    const isSure = (other: Finding | undefined) => other !== undefined && other.confidence >= 0.6 && other.rule === 'name-model'
    const isBeside = (isSure(left) && isList(left?.end ?? 0, finding.start)) || (isSure(right) && isList(finding.end, right?.start ?? 0))
    if (isBeside) Object.assign(finding, { confidence: threshold + 0.01, rule: 'name-enumerated' })
  }
  return found
}

/** Whether a word for 'and' stands between two places; found by its token's start, searched by halves. */
function isAnd(tokens: Tokens, flags: Uint32Array, from: number, to: number): boolean {
  const first = firstAbove(tokens.start.subarray(0, tokens.count), from - 1)
  for (let at = first; at < tokens.count && (tokens.start[at] ?? 0) < to; at++) if ((flags[at] ?? 0) & known.and) return true
  return false
}
