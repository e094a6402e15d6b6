import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundle } from '../../src/ingest/plan.ts'
import { chatLine, ingestFiles } from './logs.ts'

test('bundles keep the order, lose nothing, and a large item is alone', () => {
  const mebibyte = 1024 * 1024
  const sizes = [1, 2, 40, 3, 9, 9, 0, ...Array.from({ length: 1200 }, () => 0)].map((size) => size * mebibyte)
  const bundles = bundle(sizes, (size) => size)
  expect(bundles.flat()).toEqual(sizes)
  expect(bundles.slice(0, 3).map((some) => some.map((size) => size / mebibyte))).toEqual([[1, 2], [40], [3, 9]])
  expect(Math.max(...bundles.map((some) => some.length))).toBe(500)
})

test('many small files are read together, a truncated and a foreign one among them, and each has its own account', async () => {
  const name = (index: number) => `server${index % 3}/day-${String(index).padStart(4, '0')}.json`
  // Conversation s<n> goes on in the next file: the earlier line is superseded, and counts against its own file.
  const logs = Array.from({ length: 620 }, (_, index): [string, string | Uint8Array] => {
    const own = chatLine(`c${index}`, ['Hi', `Hello ${index}`], { tstamp: 1_682_000_000 + index })
    const shared = chatLine(`s${index >> 1}`, ['Hi', `Hello ${index}`], { tstamp: 1_682_000_000 + index })
    const text = `${JSON.stringify(own)}\n${JSON.stringify(shared)}\n`
    return [name(index), index % 10 === 5 ? `${text}{"half": \n` : text]
  })
  const truncated = gzipSync(Buffer.from(`${JSON.stringify(chatLine('packed', ['Hi', 'x']))}\n`.repeat(50)))
  logs[300] = [name(300), truncated.subarray(0, truncated.length - 12)]
  logs[302] = [name(302), '{"no":"log"}\n']
  const { report, quarantine, conversations } = await ingestFiles(Object.fromEntries(logs))

  const accounts = new Map(
    report.inputs.map(({ file, lines, accepted, superseded, refused }) => [file, { lines, accepted, superseded, refused }]),
  )
  for (let index = 0; index < 620; index++) {
    if (index === 300 || index === 302) continue
    const superseded = index % 2 === 0 ? 1 : 0
    const refused = index % 10 === 5 ? { 'invalid-json': 1 } : {}
    const lines = index % 10 === 5 ? 3 : 2
    expect(accounts.get(name(index)), name(index)).toEqual({ lines, accepted: 2 - superseded, superseded, refused })
  }
  expect(accounts.get(name(300))?.refused).toEqual({ 'truncated-input': 1 })
  expect(accounts.get(name(302))).toEqual({ lines: 1, accepted: 0, superseded: 0, refused: { 'form-unknown': 1 } })
  expect(quarantine.filter(({ reason }) => reason === 'invalid-json').map(({ file }) => file)).toHaveLength(62)
  expect(conversations.find(({ id }) => id === 's7')?.source).toEqual({ file: name(15), line: 2 })
})
