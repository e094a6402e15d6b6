import { randomBytes } from 'node:crypto'
import { PairTable, pairName } from './words.pairs.ts'
import { foldOnce, isUnspaced } from './words.ts'

// FNV-1a from a start of this process's own: files come from strangers, who could else choose words that all fall on one place.
const SEED = randomBytes(4).readInt32LE()

/**
 * Numbers of words, by the forms that they have in texts: a form that was seen is found by its UTF-16 units, without making a string of it, since an
 * index is made of hundreds of millions of them. Forms that are searched alike (`The`, `the`) have one number.
 */
export class WordTable {
  /** Words by their numbers, as they are searched. */
  readonly names: string[] = []
  private readonly ids = new Map<string, number>()
  private readonly pairs = new PairTable()
  /** Of each word, 1 where it is a character of a script without spaces. */
  private unspaced = new Uint8Array(1 << 16)
  /** For each place of the table 1 + the form that is there, or 0. Its size is a power of two, at most half of it used. */
  private slots = new Uint32Array(1 << 17)
  /** Of each form: its hash, where its units begin in `units`, their number, its word. */
  private forms = new Uint32Array(4 << 16)
  private count = 0
  private units = new Uint16Array(1 << 20)
  private used = 0

  /** The number of the word at [start, end) of a text. */
  idOf(text: string, start: number, end: number): number {
    let hash = SEED
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    hash = (hash ^ (hash >>> 15)) >>> 0
    const { slots, forms } = this
    const mask = slots.length - 1
    let slot = hash & mask
    for (let form = slots[slot] ?? 0; form !== 0; form = slots[slot] ?? 0) {
      const at = (form - 1) * 4
      if (forms[at] === hash && forms[at + 2] === end - start && this.isAt(forms[at + 1] ?? 0, text, start, end)) return forms[at + 3] ?? 0
      slot = (slot + 1) & mask
    }
    return this.take(text, start, end, { hash, slot })
  }

  /** The number of the pair of two words, by their numbers; undefined unless both are characters of scripts without spaces. */
  pairOf(first: number, second: number): number | undefined {
    if (this.unspaced[first] !== 1 || this.unspaced[second] !== 1) return undefined
    return this.pairs.idOf(first, second, () => this.name(pairName(this.names[first] ?? '', this.names[second] ?? ''), false))
  }

  private name(word: string, isAlone: boolean): number {
    const id = this.names.length
    this.names.push(word)
    if (id >= this.unspaced.length) this.unspaced = larger(this.unspaced, new Uint8Array(this.unspaced.length * 2))
    this.unspaced[id] = isAlone ? 1 : 0
    return id
  }

  private isAt(from: number, text: string, start: number, end: number): boolean {
    const { units } = this
    for (let at = start; at < end; at += 1) if (units[from + at - start] !== text.charCodeAt(at)) return false
    return true
  }

  private take(text: string, start: number, end: number, { hash, slot }: { hash: number; slot: number }): number {
    const word = foldOnce(text.slice(start, end))
    let id = this.ids.get(word)
    if (id === undefined) {
      // The word may be a slice of a long text, which it would keep alive.
      const own = Buffer.from(word, 'utf16le').toString('utf16le')
      id = this.name(own, isUnspaced(own))
      this.ids.set(own, id)
    }
    if ((this.count + 1) * 4 > this.forms.length) this.forms = larger(this.forms, new Uint32Array(this.forms.length * 2))
    while (this.used + end - start > this.units.length) this.units = larger(this.units, new Uint16Array(this.units.length * 2))
    for (let at = start; at < end; at += 1) this.units[this.used + at - start] = text.charCodeAt(at)
    this.forms.set([hash, this.used, end - start, id], this.count * 4)
    this.used += end - start
    this.count += 1
    this.slots[slot] = this.count
    if (this.count * 2 > this.slots.length) this.spread()
    return id
  }

  private spread(): void {
    const slots = new Uint32Array(this.slots.length * 2)
    const mask = slots.length - 1
    for (let form = 0; form < this.count; form += 1) {
      let slot = (this.forms[form * 4] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = form + 1
    }
    this.slots = slots
  }
}

function larger<A extends Uint32Array | Uint16Array | Uint8Array>(from: A, to: A): A {
  to.set(from)
  return to
}
