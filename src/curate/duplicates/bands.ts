import { readKey } from './minima.ts'
import { type Part, visitTexts } from './places.ts'

/** This module's tasks, for worker threads. */
export const readBandsTask = { module: import.meta.url, task: 'readBands' }

/** What `readBands` is given: a part, its first text, and where the keys of some bands go. */
export interface BandsInput {
  part: Part
  places: Float64Array
  first: number
  field: string
  firstBand: number
  /** One array a band, by text; filled with -1 for texts without keys. */
  bands: readonly Int32Array[]
}

/** Worker task: reads the keys of some bands of one part's texts into shared memory. */
export async function readBands({ part, places, first, field, firstBand, bands }: BandsInput): Promise<void> {
  await visitTexts(part, { places, first, field }, (value, text) => {
    for (let band = 0; band < bands.length; band++) {
      const keys = bands[band]
      if (keys) keys[text] = value.length === 0 ? -1 : readKey(value, firstBand + band)
    }
  })
}
