import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ByteReader, ByteWriter, readAt } from './bytes.ts'
import type { Inverter } from './postings.write.ts'

/** Words in one group of the list: the index in memory has the first of each. */
const GROUP = 64
const PIECE = 1 << 20

/** A word of the list: in how many documents, and where its list lies. */
export interface Entry {
  word: string
  docs: number
  start: number
  end: number
}

/** Writes one run of documents: `words.bin` (word, documents, bytes of its list) and `lists.bin`. */
export function writeRun(folder: string, inverter: Inverter): void {
  const words = new Appender(join(folder, 'words.bin'))
  const lists = new Appender(join(folder, 'lists.bin'))
  for (const { word, docs, bytes } of inverter.lists()) {
    words.out.text(word)
    words.out.varint(docs)
    words.out.varint(bytes.length)
    words.spill()
    lists.out.append(bytes)
    lists.spill()
  }
  words.close()
  lists.close()
}

/** Merges runs, in the order of their documents, into one list of words. */
export function mergeRuns(runs: readonly string[], folder: string): { words: number } {
  const words = new Appender(join(folder, 'words.bin'))
  const lists = new Appender(join(folder, 'lists.bin'))
  const groups = new ByteWriter()
  let count = 0
  let groupStart = { words: 0, lists: 0 }
  const heads = runs.map((run) => new RunReader(run))
  for (;;) {
    let least: string | undefined
    for (const { word } of heads) if (word !== undefined && (least === undefined || word < least)) least = word
    if (least === undefined) break
    if (count % GROUP === 0) {
      if (count > 0) {
        groups.varint(words.total - groupStart.words)
        groups.varint(lists.total - groupStart.lists)
      }
      groupStart = { words: words.total, lists: lists.total }
      groups.text(least)
    }
    let docs = 0
    let bytes = 0
    for (const head of heads) {
      if (head.word !== least) continue
      docs += head.docs
      bytes += head.bytes
      lists.out.append(head.takeList())
      lists.spill()
    }
    words.out.text(least)
    words.out.varint(docs)
    words.out.varint(bytes)
    words.spill()
    count += 1
  }
  if (count > 0) {
    groups.varint(words.total - groupStart.words)
    groups.varint(lists.total - groupStart.lists)
  }
  for (const head of heads) head.close()
  words.close()
  lists.close()
  writeFileSync(join(folder, 'groups.bin'), groups.view())
  return { words: count }
}

/** The list of words of an index, with their lists of documents on disk. */
export class WordList {
  private readonly firsts: string[] = []
  private readonly wordStarts: number[] = [0]
  private readonly listStarts: number[] = [0]
  private readonly words: number
  private readonly lists: number

  constructor(folder: string) {
    const reader = new ByteReader(readFileSync(join(folder, 'groups.bin')))
    while (reader.at < reader.bytes.length) {
      this.firsts.push(reader.text())
      this.wordStarts.push((this.wordStarts.at(-1) ?? 0) + reader.varint())
      this.listStarts.push((this.listStarts.at(-1) ?? 0) + reader.varint())
    }
    this.words = openSync(join(folder, 'words.bin'), 'r')
    this.lists = openSync(join(folder, 'lists.bin'), 'r')
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

  readList({ start, end }: Pick<Entry, 'start' | 'end'>): Uint8Array {
    return readAt(this.lists, start, end)
  }

  close(): void {
    closeSync(this.words)
    closeSync(this.lists)
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
    const [from, to, list] = [this.wordStarts[group], this.wordStarts[group + 1], this.listStarts[group]]
    if (from === undefined || to === undefined || list === undefined) return []
    const reader = new ByteReader(readAt(this.words, from, to))
    const entries: Entry[] = []
    for (let start = list; reader.at < reader.bytes.length; ) {
      const word = reader.text()
      const docs = reader.varint()
      const end = start + reader.varint()
      entries.push({ word, docs, start, end })
      start = end
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

class RunReader {
  word: string | undefined
  docs = 0
  bytes = 0
  private readonly words: ByteReader
  private readonly lists: number
  private piece: Uint8Array = new Uint8Array()
  private pieceStart = 0
  private at = 0
  private readonly total: number

  constructor(folder: string) {
    this.words = new ByteReader(readFileSync(join(folder, 'words.bin')))
    this.lists = openSync(join(folder, 'lists.bin'), 'r')
    let total = 0
    const sizes = new ByteReader(this.words.bytes)
    while (sizes.at < sizes.bytes.length) {
      sizes.text()
      sizes.varint()
      total += sizes.varint()
    }
    this.total = total
    this.next()
  }

  /** The list of the present word; goes on to the next word. */
  takeList(): Uint8Array {
    const end = this.at + this.bytes
    if (end > this.pieceStart + this.piece.length) {
      this.piece = readAt(this.lists, this.at, Math.max(end, Math.min(this.at + PIECE, this.total)))
      this.pieceStart = this.at
    }
    const list = this.piece.subarray(this.at - this.pieceStart, end - this.pieceStart)
    this.at = end
    this.next()
    return list
  }

  close(): void {
    closeSync(this.lists)
  }

  private next(): void {
    const { words } = this
    if (words.at >= words.bytes.length) {
      this.word = undefined
      return
    }
    this.word = words.text()
    this.docs = words.varint()
    this.bytes = words.varint()
  }
}
