import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { loadZstd } from '../../src/storage/zstd.ts'
import { chatLine, ingestFiles } from './logs.ts'

const lines = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify(chatLine(`c${index}`, [`Frage ${index} äöü 你好`, `Answer ${Math.sin(index)}`])),
  )
const text = (count: number) => `${lines(count).join('\n')}\n`

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('gzip and zstd are told from the first bytes, whatever the name', async () => {
  const zstd = await loadZstd()
  const bytes = Buffer.from(text(300))
  const plain = await ingestFiles({ 'a.json': bytes })
  for (const packed of [gzipSync(bytes), zstd(bytes), Buffer.concat([gzipSync(bytes.subarray(0, 999)), gzipSync(bytes.subarray(999))])]) {
    const made = await ingestFiles({ 'a.json': packed })
    expect(made.report).toMatchObject({ lines: 300, accepted: 300 })
    expect(made.conversations.map(({ messages }) => messages)).toEqual(plain.conversations.map(({ messages }) => messages))
  }
})

test('truncated gzip and zstd give what came before the cut, and one counted refusal', async () => {
  const zstd = await loadZstd()
  const bytes = Buffer.from(text(2000))
  for (const packed of [gzipSync(bytes), zstd(bytes)]) {
    const { report } = await ingestFiles({ 'a.json': packed.subarray(0, Math.floor(packed.length * 0.8)) })
    expect(report.refused).toEqual({ 'truncated-input': 1 })
    expect(report.accepted).toBeGreaterThan(1000)
  }
})

test('damaged gzip is counted, not a crash', async () => {
  const packed = gzipSync(Buffer.from(text(2000)))
  packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 50)
  const { report } = await ingestFiles({ 'a.json': packed })
  expect(report.refused['truncated-input']).toBe(1)
})

test('byte order mark, CRLF, blank lines and a last line without a break are read', async () => {
  const [first = '', second = '', third = ''] = lines(3)
  const { conversations, report } = await ingestFiles({ 'a.json': `\ufeff${first}\r\n\r\n  \n${second}\r\n${third}` })
  expect(report).toMatchObject({ lines: 3, accepted: 3 })
  expect(conversations.map(({ id, source }) => [id, source.line])).toEqual([
    ['c0', 1],
    ['c1', 4],
    ['c2', 5],
  ])
})

test('a half line, bytes that are not UTF-8 and what is not JSON are refused with their place', async () => {
  const [first = '', second = ''] = lines(2)
  const broken = Buffer.from(first)
  broken[broken.indexOf('Frage') + 1] = 0xff
  const bytes = Buffer.concat([broken, Buffer.from(`\n{"a":\n${first}\n[1]\n${second.slice(0, 40)}`)])
  const { quarantine, report } = await ingestFiles({ 'a.json': bytes })
  expect(report).toMatchObject({ lines: 5, accepted: 1 })
  expect(quarantine.map(({ line, offset, reason }) => [line, offset, reason])).toEqual([
    [1, 0, 'invalid-utf8'],
    [2, broken.length + 1, 'invalid-json'],
    [4, broken.length + 7 + Buffer.byteLength(first) + 1, 'invalid-json'],
    [5, broken.length + 7 + Buffer.byteLength(first) + 1 + 4, 'half-line'],
  ])
})

test('a JSON array is read element by element, over several lines or in one', async () => {
  const records = lines(50).map((line): unknown => JSON.parse(line))
  for (const document of [JSON.stringify(records), JSON.stringify(records, null, 2), `\ufeff \n${JSON.stringify(records, null, '\t')}\n`]) {
    const { conversations, report } = await ingestFiles({ 'a.json': document })
    expect(report).toMatchObject({ lines: 50, accepted: 50 })
    expect(conversations.find(({ id }) => id === 'c7')?.source.line).toBe(8)
  }
})

test('a JSON array that ends early gives what came before, and one counted refusal', async () => {
  const document = JSON.stringify(lines(50).map((line): unknown => JSON.parse(line)))
  for (const cut of [document.length - 1, document.length - 20]) {
    const { report } = await ingestFiles({ 'a.json': document.slice(0, cut) })
    expect(report.refused).toEqual({ 'half-line': 1 })
    expect(report.accepted).toBeGreaterThanOrEqual(49)
  }
})

test('objects over several lines, one after the other, are read', async () => {
  const document = lines(3)
    .map((line) => JSON.stringify(JSON.parse(line), null, 2))
    .join('\n')
  const { report } = await ingestFiles({ 'a.json': document })
  expect(report).toMatchObject({ lines: 3, accepted: 3 })
})

test('standard input is read like a file, plain or packed', async () => {
  for (const bytes of [Buffer.from(text(100)), gzipSync(Buffer.from(text(100)))]) {
    const { report, conversations } = await ingestFiles({}, { inputs: ['-'], stdin: inPieces(bytes, 777) })
    expect(report).toMatchObject({ lines: 100, accepted: 100 })
    expect(report.inputs).toMatchObject([{ file: '-', form: 'fastchat', sizeBytes: bytes.length }])
    expect(conversations[0]?.source.file).toBe('-')
  }
})

test('a line over the limit is refused and skipped, its neighbours are read', async () => {
  const long = JSON.stringify(chatLine('long', ['Hi', 'x'.repeat(65 * 1024 * 1024)]))
  const [first = '', second = ''] = lines(2)
  const { report, quarantine, conversations } = await ingestFiles({ 'a.json': `${first}\n${long}\n${second}\n` })
  expect(report.refused).toEqual({ 'line-too-long': 1 })
  expect(quarantine).toMatchObject([{ line: 2, offset: Buffer.byteLength(first) + 1, sizeBytes: long.length }])
  expect(conversations.map(({ id, source }) => [id, source.line])).toEqual([
    ['c0', 1],
    ['c1', 3],
  ])
})
