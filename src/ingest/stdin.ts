import { createHash } from 'node:crypto'
import { packingOf, unpack } from './bytes.ts'
import type { FormName } from './entry.ts'
import { type Container, sniffBytes } from './sniff.ts'
import { readByteUnit, type UnitInput, type UnitPart, type UnitReport } from './unit.ts'

/** Standard input, of which the beginning has been looked at. */
export interface Stdin {
  label: string
  container: Container
  form: FormName | null
  /** All bytes, unpacked, from the beginning on. */
  chunks: AsyncIterable<Buffer>
  /** Bytes read and their hash; whole once `chunks` has been read to its end. */
  measured(): { sizeBytes: number; sha256: string }
}

/** Tells what standard input holds without losing its beginning: what the look needed is kept and read again. */
export async function sniffStdin(stdin: AsyncIterable<Uint8Array>, format: FormName | undefined): Promise<Stdin> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const source = stdin[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  const next = async (): Promise<Uint8Array | undefined> => {
    const { value, done } = await source.next()
    if (done) return undefined
    hash.update(value)
    sizeBytes += value.length
    return value
  }
  const recorded = async function* () {
    for (let chunk = await next(); chunk; chunk = await next()) {
      head.push(Uint8Array.from(chunk))
      yield chunk
    }
  }
  const first = await next()
  if (first) head.push(Uint8Array.from(first))
  const packing = packingOf(first ?? new Uint8Array(0))
  const looked = async function* () {
    if (first) yield first
    yield* recorded()
  }
  const sniffed = await sniffBytes(unpack(looked(), packing))
  const all = async function* () {
    yield* head
    for (let chunk = await next(); chunk; chunk = await next()) yield chunk
  }
  let digest: string | undefined
  return {
    label: '-',
    container: sniffed.container,
    form: format ?? sniffed.form,
    chunks: unpack(all(), packing),
    measured: () => {
      digest ??= hash.digest('hex')
      return { sizeBytes, sha256: digest }
    },
  }
}

/** Reads standard input as one unit, in this thread: no worker can open it. */
export function readStdin(stdin: Stdin, file: number, input: Omit<UnitInput, 'parts'>): Promise<UnitReport> {
  const { label, container, form } = stdin
  const part: UnitPart = { path: '', label, file, packing: 'plain', container, form }
  return readByteUnit(input, part, stdin.chunks)
}
