import type { Sql } from '../../engine/sql.ts'
import { readBytes } from '../../storage/parquet.ts'
import { firstPlaces, placesPerRow } from './statements.ts'

/** Distinct texts in the order in which they are read, in memory that threads can share. */
export interface Texts {
  /** Where each text is read: row × `placesPerRow` + its place in the row's list, ascending. */
  places: Float64Array
  /** Each text's number, its place in the order of ids: it does not depend on where the text was read. */
  numbers: Int32Array
  /** 1 for a text of a message, 2 for one of a conversation's prompts, 3 for both. */
  scopes: Uint8Array
}

/** The rows of one shard's signatures: their file, and the number of rows in the shards before it. */
export interface Part {
  shard: string
  path: string
  offset: number
  rows: number
}

/** Reads table `places` (see statements.ts). */
export async function readTexts(sql: Sql): Promise<Texts> {
  const [counted] = await sql.rows('SELECT count(*)::INTEGER AS count FROM places')
  const count = Number(counted?.count ?? 0)
  const texts: Texts = {
    places: new Float64Array(new SharedArrayBuffer(8 * count)),
    numbers: new Int32Array(new SharedArrayBuffer(4 * count)),
    scopes: new Uint8Array(new SharedArrayBuffer(count)),
  }
  let filled = 0
  for await (const [places = [], numbers = [], scopes = []] of sql.columns(firstPlaces)) {
    for (let index = 0; index < places.length; index++) {
      texts.places[filled] = Number(places[index])
      texts.numbers[filled] = Number(numbers[index])
      texts.scopes[filled++] = Number(scopes[index])
    }
  }
  return texts
}

/** Calls back with the value of one of the lists' columns for every text that is read in this part, in the order of texts. */
export async function visitTexts(
  { path, offset }: Part,
  { places, field, first }: { places: Float64Array; field: string; first: number },
  visit: (value: Uint8Array, text: number) => void,
): Promise<void> {
  let text = first
  let row = offset
  for await (const rows of readBytes(path, ['texts', 'list', 'element', field])) {
    for (const values of rows) {
      for (const [position, value] of values.entries()) {
        if (places[text] !== row * placesPerRow + position) continue
        visit(value, text)
        text++
      }
      row++
    }
  }
}
