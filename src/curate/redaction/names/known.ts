import type { Finding } from '../finding.ts'
import { type Gazetteer, known } from '../reading/gazetteer.ts'
import { hashWord, shape, type Tokens, tokenize } from '../reading/tokens.ts'
import { parsePersonName } from './person-name.ts'

const otherwise = known.small | known.calendar | known.country | known.product | known.organisation | known.role | known.title

/** A part of a known name: whether it is an everyday word, too. */
interface Part {
  isCommon: boolean
  isVeryCommon: boolean
}

/** Finds the known persons in one text, given the hashes of its words. */
export type KnownFinder = (text: string, words: Uint32Array) => Finding[]

/**
 * Finds further mentions of persons who were named elsewhere in the conversation: parts of their names in any case, in code too. A part that is an
 * everyday word counts only with a capital inside a sentence. Texts that hold none of the words cost one look at their hashes.
 */
export function createKnownFinder(forms: readonly string[], gazetteer: Gazetteer, tokens: Tokens): KnownFinder {
  const parts = new Map<number, Part>()
  const runs: string[] = []
  for (const form of forms) {
    for (const word of parsePersonName(form).parts) {
      if (/[\u0e00-\u0eff\u1000-\u17ff\u3040-\u30ff\u3400-\u9fff]/.test(word)) runs.push(...(word.length >= 2 ? [word] : []))
      else if (word.length >= 3 || (word.length === 2 && /[\uac00-\ud7af]/.test(word))) {
        const hash = hashWord(word)
        const flags = gazetteer.flagsOf(hash)
        const isOther = (flags & otherwise) !== 0
        // A word that is no name in itself and everybody's (Street, Bank) was taken by mistake: it must not spread.
        if ((isOther || flags & known.common) && !(flags & (known.given | known.family))) continue
        parts.set(hash, {
          isCommon: isOther || ((flags & (known.common | known.place)) !== 0 && !(flags & known.frequent && !(flags & known.veryCommon))),
          isVeryCommon: isOther || (flags & known.veryCommon) !== 0,
        })
      }
    }
  }
  return (text, words) => {
    const found = runs.flatMap((run) => findRun(text, run))
    if (parts.size > 0 && words.some((word) => parts.has(word))) findParts(tokenize(text, tokens), parts, found)
    return found
  }
}

function findParts(tokens: Tokens, parts: ReadonlyMap<number, Part>, found: Finding[]): void {
  let open: Finding | undefined
  for (let index = 0; index < tokens.count; index++) {
    const part = parts.get(tokens.hash[index] ?? 0)
    const here = tokens.shape[index] ?? 0
    const [start, end] = [tokens.start[index] ?? 0, tokens.end[index] ?? 0]
    if (!part || here < shape.lower || here === shape.initial || !agrees(part, here, index, tokens)) {
      open = undefined
      continue
    }
    if (open && tokens.spaced[index] === 1 && start - open.end === 1) open.end = end
    else {
      open = { start, end, kind: 'PERSON', confidence: 0.75, rule: 'name-repeated' }
      found.push(open)
    }
  }
}

function agrees(part: Part, here: number, index: number, tokens: Tokens): boolean {
  if (here === shape.uncased || !part.isCommon) return true
  if (here !== shape.capital) return false
  if (!part.isVeryCommon) return true
  const before = tokens.shape[index - 1] ?? shape.newline
  return before >= shape.number || (before === shape.punctuation && tokens.hash[index - 1] === 44)
}

function findRun(text: string, run: string): Finding[] {
  const found: Finding[] = []
  for (let at = text.indexOf(run); at >= 0; at = text.indexOf(run, at + run.length)) {
    found.push({ start: at, end: at + run.length, kind: 'PERSON', confidence: 0.75, rule: 'name-repeated' })
  }
  return found
}
