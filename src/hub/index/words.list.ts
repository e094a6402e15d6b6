import { closeSync, fstatSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ByteReader, ByteWriter, readAt } from './bytes.ts'
import { type List, readHeads } from './postings.list.ts'
import type { Inverter, RunTexts } from './postings.write.ts'

/** Words in one group of the list: the index in memory has the first of each. */
const GROUP = 64
const PIECE = 1 << 20
/** Runs are merged all at once, each from three files. */
const MERGED_PIECE = 1 << 18

/** Where a part of a list lies in its file. */
export interface Span {
  start: number
  end: number
}

/** A word of the list: in how many documents it is, and where its heads, its documents and its places lie. */
export interface Entry {
  word: string
  docs: number
  heads: Span
  documents: Span
  places: Span
}

/** The parts of lists, each in a file of its own, so that a question reads those that it needs. */
const parts = ['heads', 'documents', 'places'] as const
const fileOf = (folder: string, part: (typeof parts)[number]) => join(folder, `lists.${part}.bin`)

/** Writes one run of documents: `words.bin` (word, documents, bytes of each part of its list) and the parts. */
export function writeRun(folder: string, inverter: Inverter, texts: RunTexts): void {
  const words = new Appender(join(folder, 'words.bin'))
  const lists = parts.map((part) => new Appender(fileOf(folder, part)))
  for (const list of inverter.lists(texts)) {
    words.out.text(list.word)
    words.out.varint(list.docs)
    for (const [at, part] of parts.entries()) {
      words.out.varint(list[part].length)
      lists[at]?.append(list[part])
    }
    words.spill()
  }
  words.close()
  for (const list of lists) list.close()
}

/** Merges runs, in the order of their documents, into one list of words. */
export function mergeRuns(runs: readonly string[], folder: string): { words: number } {
  const words = new Appender(join(folder, 'words.bin'))
  const lists = parts.map((part) => new Appender(fileOf(folder, part)))
  const groups = new ByteWriter()
  const heads = runs.map((run) => new RunReader(run))
  let count = 0
  let starts: number[] = []
  const totals = () => [words, ...lists].map(({ total }) => total)
  const endGroup = () => {
    for (const [at, total] of totals().entries()) groups.varint(total - (starts[at] ?? 0))
  }
  for (;;) {
    let least: string | undefined
    for (const { word } of heads) if (word !== undefined && (least === undefined || word < least)) least = word
    if (least === undefined) break
    if (count % GROUP === 0) {
      if (count > 0) endGroup()
      starts = totals()
      groups.text(least)
    }
    const before = lists.map(({ total }) => total)
    let docs = 0
    for (const head of heads) {
      if (head.word !== least) continue
      docs += head.docs
      for (const [at, list] of lists.entries()) list.append(head.take(at))
      head.next()
    }
    words.out.text(least)
    words.out.varint(docs)
    for (const [at, { total }] of lists.entries()) words.out.varint(total - (before[at] ?? 0))
    words.spill()
    count += 1
  }
  if (count > 0) endGroup()
  for (const head of heads) head.close()
  words.close()
  for (const list of lists) list.close()
  writeFileSync(join(folder, 'groups.bin'), groups.view())
  return { words: count }
}

/** The list of words of an index, with their lists of documents on disk. */
export class WordList {
  private readonly firsts: string[] = []
  /** Where each group begins in the words and in each part of the lists. */
  private readonly starts: number[][] = [[0, 0, 0, 0]]
  private readonly words: number
  private readonly lists: number[]

  constructor(folder: string) {
    const reader = new ByteReader(readFileSync(join(folder, 'groups.bin')))
    while (reader.at < reader.bytes.length) {
      this.firsts.push(reader.text())
      this.starts.push((this.starts.at(-1) ?? []).map((start) => start + reader.varint()))
    }
    this.words = openSync(join(folder, 'words.bin'), 'r')
    this.lists = parts.map((part) => openSync(fileOf(folder, part), 'r'))
  }

  find(word: string): Entry | undefined {
    return this.group(this.groupOf(word)).find((entry) => entry.word === word)
  }

  /** Words that begin so, in order. */
  *beginning(prefix: string): Iterable<Entry> {
    for (let group = this.groupOf(prefix); group < this.firsts.length; group += 1) {
      for (const entry of this.group(group)) {
        if (entry.word.startsWith(prefix)) yield entry
        else if (entry.word > prefix) return
      }
    }
  }

  /** The list of a word, ready to be walked. */
  open({ docs, heads, documents, places }: Entry, boundScale: number): List {
    const read = (start: number, end: number) => this.read('places', { start: places.start + start, end: places.start + end })
    const size = places.end - places.start
    return {
      docs,
      heads: readHeads(this.read('heads', heads)),
      documents: this.read('documents', documents),
      places: { size, read },
      boundScale,
    }
  }

  /** Bytes of a part of lists. */
  read(part: (typeof parts)[number], { start, end }: Span): Uint8Array {
    return readAt(this.lists[parts.indexOf(part)] ?? -1, start, end)
  }

  close(): void {
    closeSync(this.words)
    for (const list of this.lists) closeSync(list)
  }

  /** The last group whose first word is not behind this one. */
  private groupOf(word: string): number {
    let low = 0
    let high = this.firsts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.firsts[middle] ?? '') <= word) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }

  private group(group: number): Entry[] {
    const [from, to] = [this.starts[group], this.starts[group + 1]]
    if (!from || !to) return []
    const reader = new ByteReader(readAt(this.words, from[0] ?? 0, to[0] ?? 0))
    const entries: Entry[] = []
    let [, headsAt = 0, documentsAt = 0, placesAt = 0] = from
    while (reader.at < reader.bytes.length) {
      const word = reader.text()
      const docs = reader.varint()
      const heads = { start: headsAt, end: headsAt + reader.varint() }
      const documents = { start: documentsAt, end: documentsAt + reader.varint() }
      const places = { start: placesAt, end: placesAt + reader.varint() }
      entries.push({ word, docs, heads, documents, places })
      headsAt = heads.end
      documentsAt = documents.end
      placesAt = places.end
    }
    return entries
  }
}

/** A file that is written in pieces of a mebibyte. */
export class Appender {
  readonly out = new ByteWriter(PIECE)
  private readonly file: number
  private written = 0

  constructor(path: string) {
    this.file = openSync(path, 'w')
  }

  /** Bytes so far. */
  get total(): number {
    return this.written + this.out.length
  }

  append(bytes: Uint8Array): void {
    this.out.append(bytes)
    this.spill()
  }

  spill(limit = PIECE): void {
    if (this.out.length < limit) return
    const bytes = this.out.view()
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at)
    this.written += bytes.length
    this.out.clear()
  }

  close(): void {
    this.spill(1)
    closeSync(this.file)
  }
}

/** The words of a run, one after the other. */
class RunReader {
  word: string | undefined
  docs = 0
  private readonly words: ByteReader
  private readonly parts: PieceReader[]
  private readonly sizes: number[] = []

  constructor(folder: string) {
    this.words = new ByteReader(readFileSync(join(folder, 'words.bin')))
    this.parts = parts.map((part) => new PieceReader(fileOf(folder, part)))
    this.next()
  }

  /** A part of the present word's list; each is to be taken once. */
  take(part: number): Uint8Array {
    return this.parts[part]?.take(this.sizes[part] ?? 0) ?? new Uint8Array()
  }

  /** To the next word. */
  next(): void {
    const { words } = this
    if (words.at >= words.bytes.length) {
      this.word = undefined
      return
    }
    this.word = words.text()
    this.docs = words.varint()
    for (const at of parts.keys()) this.sizes[at] = words.varint()
  }

  close(): void {
    for (const part of this.parts) part.close()
  }
}

/** A file that is read from one end to the other in pieces. */
class PieceReader {
  private readonly file: number
  private readonly total: number
  private piece: Uint8Array = new Uint8Array()
  private pieceStart = 0
  private at = 0

  constructor(path: string) {
    this.file = openSync(path, 'r')
    this.total = fstatSync(this.file).size
  }

  /** The next bytes; they hold until they are taken again. */
  take(size: number): Uint8Array {
    const end = this.at + size
    if (end > this.pieceStart + this.piece.length) {
      this.piece = readAt(this.file, this.at, Math.max(end, Math.min(this.at + MERGED_PIECE, this.total)))
      this.pieceStart = this.at
    }
    const taken = this.piece.subarray(this.at - this.pieceStart, end - this.pieceStart)
    this.at = end
    return taken
  }

  close(): void {
    closeSync(this.file)
  }
}
