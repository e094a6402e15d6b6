import { double } from '../../double.ts'
import { type Part, visitTexts } from './places.ts'
import { packShort, type Short } from './short.ts'
import { sketchSize } from './signature.ts'
import { decodeSketch, type Sketch } from './similar.ts'

/** This module's tasks, for worker threads. */
export const loadCandidatesTask = { module: import.meta.url, task: 'loadCandidates' }

/** What is compared of one part's candidates, in memory that threads can share. */
export interface Page {
  /** The part's first text; the arrays of starts count from it. */
  first: number
  /** Where each text's sketch begins in `sketches`, and where the last ends; texts that are no candidates have none. */
  sketchStarts: Uint32Array
  sketches: Uint32Array
  /** Where each short text begins in `shorts`; 0 for the others. */
  shortStarts: Uint32Array
  shorts: Uint32Array
}

/** Worker task: reads the sketches and short texts of one part's candidates. */
export async function loadCandidates(input: {
  part: Part
  places: Float64Array
  first: number
  count: number
  isCandidate: Uint8Array
}): Promise<Page> {
  const { part, places, first, count, isCandidate } = input
  const sketchStarts = new Uint32Array(new SharedArrayBuffer(4 * (count + 1)))
  const shortStarts = new Uint32Array(new SharedArrayBuffer(4 * count))
  let sketches = new Uint32Array(1 << 20)
  let filled = 0
  await visitTexts(part, { places, first, field: 'sketch' }, (value, text) => {
    if (isCandidate[text] === 1) {
      if (filled + sketchSize > sketches.length) sketches = double(sketches)
      filled += decodeSketch(value, sketches, filled)
    }
    sketchStarts[text - first + 1] = filled
  })
  let shorts = new Uint32Array(1 << 20)
  let packed = 1
  await visitTexts(part, { places, first, field: 'short' }, (value, text) => {
    if (isCandidate[text] !== 1 || value.length === 0) return
    const short = packShort(decoder.decode(value))
    while (packed + short.length > shorts.length) shorts = double(shorts)
    shorts.set(short, packed)
    shortStarts[text - first] = packed
    packed += short.length
  })
  return { first, sketchStarts, sketches: share(sketches, filled), shortStarts, shorts: share(shorts, packed) }
}

const decoder = new TextDecoder()

function share(values: Uint32Array, length: number): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(4 * length))
  shared.set(values.subarray(0, length))
  return shared
}

/** One text made ready for comparing, moved from text to text: its sketch, and where it is short its words. */
export interface Candidate {
  text: number
  isShort: boolean
  sketch: Sketch
  short: Short
}

/** Opens pages for reading; `pageOf` says in which page each text is. */
export function openCandidates(pages: readonly Page[], pageOf: Uint32Array): (text: number, candidate: Candidate) => void {
  const opened = pages.map((page) => ({ ...page, units: new Uint16Array(page.shorts.buffer) }))
  return (text, candidate) => {
    const page = opened[pageOf[text] ?? 0]
    if (!page || candidate.text === text) return
    const { sketch, short } = candidate
    const index = text - page.first
    candidate.text = text
    sketch.values = page.sketches
    sketch.start = page.sketchStarts[index] ?? 0
    sketch.length = (page.sketchStarts[index + 1] ?? 0) - sketch.start
    short.values = page.shorts
    short.units = page.units
    short.at = page.shortStarts[index] ?? 0
    candidate.isShort = short.at > 0
  }
}

/** A candidate that no text has been opened into yet. */
export function createCandidate(): Candidate {
  const nothing = new Uint32Array()
  return {
    text: -1,
    isShort: false,
    sketch: { values: nothing, start: 0, length: 0 },
    short: { values: nothing, units: new Uint16Array(), at: 0 },
  }
}
