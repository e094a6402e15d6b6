import { cuesOf } from './cues.ts'
import { type Gazetteer, known } from './gazetteer.ts'
import { hashOpenStems, hashStems, shape, type Tokens } from './tokens.ts'
import type { Words } from './words.ts'

/** What is known of words, from the package's assets. */
export interface Lists {
  gazetteer: Gazetteer
  words: Words
}

/** All that is known of a written form, looked up and worked out once: everyday words repeat. Entry 0 is the text's edge, of which nothing is known. */
export interface Lexicon {
  /** Fills `entry` and `flags` of a text's tokens. Entries hold until the next text is read. */
  read(tokens: Tokens): void
  /** By entry, bits of `cue`. */
  cues: Uint32Array
  /** By entry, bits of `known` whatever stands beside the word. */
  bits: Uint32Array
  /** By entry, place in `words`. */
  places: Uint32Array
  /** Grows by one whenever all entries are forgotten. */
  generation: number
  /** Entries in use. */
  size: number
}

/** Room for entries, twice as many as are kept from text to text: with more, all are forgotten before the next text. */
const most = 1 << 17
/** Numbers a slot: four, so that none lies across two lines of the processor's cache. */
const slotWidth = 4

const name = known.given | known.family
/** What a word in lower case says of itself and its neighbours. */
const lean = { english: 1, perhapsProper: 2 } as const

/** A lexicon over the lists. What an entry holds depends on its form alone, so forgetting changes nothing but time. */
export function createLexicon({ gazetteer, words }: Lists): Lexicon {
  // By slot: hash, surface and entry, side by side, since each token asks for all three.
  let table = new Int32Array(most * slotWidth)
  let leans = new Uint8Array(most)
  const lexicon: Lexicon = {
    cues: new Uint32Array(most),
    bits: new Uint32Array(most),
    places: new Uint32Array(most),
    generation: 0,
    size: 1,
    read(tokens) {
      if (lexicon.size > most / 2) forget()
      const { count, hash, surface, shape: shapes, entry, flags } = tokens
      for (let at = 0; at < count; at++) entry[at] = find(tokens, at, (hash[at] ?? 0) | 0, (surface[at] ?? 0) ^ (shapes[at] ?? 0))
      let before = 0
      for (let at = 0; at < count; at++) {
        const own = entry[at] ?? 0
        const here = leans[own] ?? 0
        let bits = lexicon.bits[own] ?? 0
        if (here & lean.perhapsProper && (before | (leans[entry[at + 1] ?? 0] ?? 0)) & lean.english) bits |= known.proper
        flags[at] = bits
        before = here
      }
    },
  }

  function find(tokens: Tokens, at: number, hash: number, surface: number): number {
    const mask = table.length / slotWidth - 1
    let slot = slotOf(hash, mask)
    for (let entry = table[slot + 2] ?? 0; entry !== 0; entry = table[slot + 2] ?? 0) {
      if (table[slot] === hash && table[slot + 1] === surface) return entry
      slot = (slot + slotWidth) & (table.length - 1)
    }
    if (lexicon.size >= leans.length) {
      enlarge()
      return find(tokens, at, hash, surface)
    }
    const entry = lexicon.size++
    table[slot] = hash
    table[slot + 1] = surface
    table[slot + 2] = entry
    learn(tokens, at, entry, hash >>> 0)
    return entry
  }

  function learn(tokens: Tokens, at: number, entry: number, hash: number): void {
    const here = tokens.shape[at] ?? 0
    lexicon.cues[entry] = cuesOf(tokens, at)
    const isWord = here >= shape.lower && here <= shape.uncased
    const place = isWord ? words.placeOf(hash) : 0
    const bits = isWord ? gazetteer.flagsOf(hash) : 0
    const habits = words.habits[place] ?? 0
    lexicon.places[entry] = place
    leans[entry] = here === shape.lower && (habits & 3) === 1 ? lean.english : 0
    if (!isWord) lexicon.bits[entry] = 0
    else if (here === shape.lower && (bits === 0 || bits & name)) {
      lexicon.bits[entry] = place === 0 && bits === 0 ? bits | known.unheard : bits
      if (place !== 0 && isWrittenWithCapital(habits, bits)) leans[entry] = (leans[entry] ?? 0) | lean.perhapsProper
    } else if (bits !== 0) lexicon.bits[entry] = here === shape.capital && bits & name && isLowly(habits) ? bits | known.lowly : bits
    else lexicon.bits[entry] = here === shape.capital || here === shape.uncased ? deriveFlags(tokens, gazetteer, at) : 0
  }

  /** Twice the room, for a text of very many forms. */
  function enlarge(): void {
    const size = leans.length * 2
    const carry = <A extends Uint32Array | Uint8Array>(larger: A, old: A): A => {
      larger.set(old)
      return larger
    }
    leans = carry(new Uint8Array(size), leans)
    lexicon.cues = carry(new Uint32Array(size), lexicon.cues)
    lexicon.bits = carry(new Uint32Array(size), lexicon.bits)
    lexicon.places = carry(new Uint32Array(size), lexicon.places)
    const old = table
    table = new Int32Array(size * slotWidth)
    for (let from = 0; from < old.length; from += slotWidth) {
      if (old[from + 2] === 0) continue
      let slot = slotOf(old[from] ?? 0, table.length / slotWidth - 1)
      while (table[slot + 2] !== 0) slot = (slot + slotWidth) & (table.length - 1)
      table.set(old.subarray(from, from + slotWidth), slot)
    }
  }

  function forget(): void {
    lexicon.generation++
    lexicon.size = 1
    if (leans.length === most) {
      table.fill(0)
      return
    }
    table = new Int32Array(most * slotWidth)
    leans = new Uint8Array(most)
    lexicon.cues = new Uint32Array(most)
    lexicon.bits = new Uint32Array(most)
    lexicon.places = new Uint32Array(most)
  }

  return lexicon
}

function slotOf(hash: number, mask: number): number {
  return ((hash ^ (hash >>> 15)) & mask) * slotWidth
}

const stems = new Uint32Array(4)

/** Names and places with an ending are marked as derived. */
function deriveFlags(tokens: Tokens, gazetteer: Gazetteer, at: number): number {
  const [start, end] = [tokens.start[at] ?? 0, tokens.end[at] ?? 0]
  let bits = 0
  let count = hashStems(tokens.text, start, end, stems)
  for (let index = 0; index < count; index++) bits |= gazetteer.flagsOf(stems[index] ?? 0)
  const last = tokens.text.charCodeAt(end - 1)
  if (last > 0x2ff || slavicEnding[last] === 1) {
    count = hashOpenStems(tokens.text, start, end, stems)
    for (let index = 0; index < count; index++) bits |= gazetteer.flagsOf(stems[index] ?? 0)
  }
  return (bits & name ? known.derived : 0) | (bits & (known.place | known.country) ? known.derivedPlace : 0)
}

/** Last letters of Polish and Czech case endings: others cost no look-up. */
const slavicEnding = new Uint8Array(0x300)
for (const letter of 'aeiouyąęmhwóíéáůou') slavicEnding[letter.charCodeAt(0)] = 1

/**
 * Whether a word in lower case is one that English mostly writes with a capital; it counts beside another English word, since other languages have
 * their own everyday words. A listed name that is no everyday word may be written either way.
 */
function isWrittenWithCapital(habits: number, bits: number): boolean {
  const english = habits & 3
  if (english !== 3 && (english !== 2 || bits === 0 || bits & known.common)) return false
  return ((habits >> 2) & 3) !== 1 && habits >> 4 !== 1
}

/** Mostly in lower case in one of the three languages, and mostly with a capital in none. */
function isLowly(habits: number): boolean {
  const [english, german, spanish] = [habits & 3, (habits >> 2) & 3, habits >> 4]
  return (english === 1 || german === 1 || spanish === 1) && english !== 3 && german !== 3 && spanish !== 3
}
