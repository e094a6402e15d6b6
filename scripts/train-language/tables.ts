import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/** One language of Lingua's tables: for each length 1–5, n-grams (space-separated) by their fraction, count(gram) / count(gram without its last letter). */
export interface LinguaTable {
  language: string
  grams: (Record<string, string> | undefined)[]
}

const lengths: Record<string, number> = {
  'unigrams.json.br': 1,
  'bigrams.json.br': 2,
  'trigrams.json.br': 3,
  'quadrigrams.json.br': 4,
  'fivegrams.json.br': 5,
}

/**
 * The n-gram tables inside `@bluzzi/lingua` (Apache-2.0), one language at a time. Its WebAssembly carries them as an embedded folder of Brotli
 * files: a row of (name pointer, name length, data pointer, data length) for each, found by name.
 */
export function* readLinguaTables(packageFolder: string, wanted: readonly string[]): Generator<LinguaTable> {
  const memory = loadMemory(readFileSync(join(packageFolder, 'src/lingua_bg.wasm')))
  const byLanguage = new Map<string, (Buffer | undefined)[]>()
  for (let at = 0; at + 16 <= memory.length; at += 4) {
    const name = memory.readUInt32LE(at)
    const length = memory.readUInt32LE(at + 4)
    if (length < 15 || length > 19 || name + length > memory.length || memory[name + length - 3] !== 0x2e) continue
    const n = lengths[memory.toString('latin1', name, name + length)]
    if (!n) continue
    const data = memory.readUInt32LE(at + 8)
    const bytes = memory.subarray(data, data + memory.readUInt32LE(at + 12))
    const language = /"language":\s*"(\w+)"/.exec(brotliDecompressSync(bytes).toString('latin1', 0, 200))?.[1]
    if (!language) throw new Error(`A table at ${data} names no language: is this @bluzzi/lingua 1.5.0?`)
    const files = byLanguage.get(language) ?? []
    files[n] = bytes
    byLanguage.set(language, files)
  }
  for (const [language, files] of byLanguage) {
    if (!wanted.includes(language)) continue
    yield { language, grams: files.map((bytes) => bytes && JSON.parse(brotliDecompressSync(bytes).toString('utf8')).ngrams) }
  }
}

/** The module's memory as its data segments leave it. */
function loadMemory(wasm: Buffer): Buffer {
  let at = 8
  const leb = () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = wasm[at++] ?? 0
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const segments: { to: number; from: number; length: number }[] = []
  while (at < wasm.length) {
    const section = wasm[at++]
    const length = leb()
    const end = at + length
    if (section === 11) {
      for (let count = leb(); count > 0; count--) {
        const isPassive = leb() === 1
        let to = -1
        if (!isPassive) {
          at++ // i32.const
          to = leb()
          at++ // end
        }
        const size = leb()
        if (!isPassive) segments.push({ to, from: at, length: size })
        at += size
      }
    }
    at = end
  }
  const memory = Buffer.alloc(segments.reduce((most, segment) => Math.max(most, segment.to + segment.length), 0))
  for (const { to, from, length } of segments) wasm.copy(memory, to, from, from + length)
  return memory
}
