import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPool, type Pool } from '../../src/engine/pool.ts'
import { formNames } from '../../src/ingest/entry.ts'
import { formOf } from '../../src/ingest/forms/forms.ts'
import { ingest } from '../../src/ingest/ingest.ts'
import { readRecord } from '../../src/ingest/record.ts'
import { silentLog } from '../../src/log.ts'
import { allFiles, chatLine, ingestFiles, makeFolder, readWork, removeFolder, writeLogs } from './logs.ts'
import { samples } from './samples.ts'

const address = '203.0.113.7'
const lines = [
  ...Object.values(samples),
  chatLine('c1', ['Hi', 'Hello äöü 你好 🙂']),
  chatLine('c1', ['Hi', 'Hello', 'And?', 'So.'], { tstamp: 1_682_351_099 }),
  { type: 'upvote', tstamp: 1, model: 'm', state: { conv_id: 'c1' }, ip: address },
].map((record) => JSON.stringify(record))

interface Mutation {
  at: number
  kind: 'flip' | 'cut' | 'insert' | 'repeat'
  length: number
  bytes: Uint8Array
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
  length: fc.integer({ min: 1, max: 200 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
})

function mutate(bytes: Buffer, { at, kind, length, bytes: noise }: Mutation): Buffer {
  const start = Math.floor(at * bytes.length)
  const [before, after] = [bytes.subarray(0, start), bytes.subarray(start)]
  if (kind === 'cut') return Buffer.concat([before, after.subarray(length)])
  if (kind === 'insert') return Buffer.concat([before, noise, after])
  if (kind === 'repeat') return Buffer.concat([before, after.subarray(0, length), after])
  return Buffer.concat([before, Buffer.from(after.subarray(0, 1).map((byte) => byte ^ (noise[0] ?? 1))), after.subarray(1)])
}

/** Replaces the value at some place of a record by another: swapped types, missing and unexpected fields. */
function swapAt(value: unknown, path: readonly number[], other: unknown): unknown {
  const [head, ...rest] = path
  if (head === undefined || typeof value !== 'object' || value === null) return other
  const keys = Object.keys(value)
  const key = keys[head % Math.max(keys.length, 1)]
  if (key === undefined) return other
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [name, name === key ? swapAt(item, rest, other) : item])
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

let pool: Pool
const folder = makeFolder()
let count = 0

beforeAll(() => {
  pool = openPool(1)
})
afterAll(async () => {
  await pool.close()
  removeFolder(folder)
})

async function ingestBytes(bytes: Uint8Array, name = 'log.json') {
  const own = `run${count++}`
  writeLogs(join(folder, own), { [name]: bytes })
  const work = join(folder, own, 'work')
  const report = await ingest({ inputs: [join(folder, own, name)], work, pool, log: silentLog })
  return { report, ...(await readWork(work)) }
}

test('mutated logs never crash it, every line is accounted for, and no address is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(lines, { minLength: 1 }),
      fc.boolean(),
      fc.array(mutation, { minLength: 1, maxLength: 8 }),
      async (some, isArray, mutations) => {
        const text = isArray ? `[${some.join(',\n')}]` : `${some.join('\n')}\n`
        const bytes = mutations.reduce(mutate, Buffer.from(text))
        const { work } = await ingestBytes(bytes)
        for (const content of allFiles(work).values()) expect(content.includes(address)).toBe(false)
      },
    ),
    { numRuns: 80 },
  )
}, 180_000)

test('of lines of text the number of lines is the number of lines that are not blank', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(lines, { minLength: 3 }),
      fc.array(mutation, { minLength: 1, maxLength: 5 }),
      async (some, mutations) => {
        // A first line that is whole keeps the file a file of lines.
        const [first = '', ...others] = some
        const bytes = Buffer.concat([Buffer.from(`${first}\n`), mutations.reduce(mutate, Buffer.from(others.join('\n')))])
        const { report } = await ingestBytes(bytes)
        const expected = bytes
          .toString('latin1')
          .split('\n')
          .filter((line) => /[^ \t\r]/.test(line)).length
        expect(report.lines).toBe(expected)
      },
    ),
    { numRuns: 40 },
  )
}, 180_000)

test('records with swapped types are read or refused by a reason that was foreseen, whatever the form', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...formNames),
      fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 6 }),
      fc.oneof(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom('\ud800', '\0', '', -1, 1e300, '1e9', [], [[]], {}, null, '__proto__', '{"a":', '[1,2]'),
      ),
      (name, path, other) => {
        const record = JSON.parse(JSON.stringify(swapAt(samples[name], path, other)))
        const entry = readRecord(record, formOf(name))
        if (entry.kind === 'refused') expect(entry.reason).not.toBe('unreadable')
      },
    ),
    { numRuns: 6000 },
  )
})

test('deep nesting and fields named __proto__ do no harm', async () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  const { report, conversations } = await ingestFiles({
    'a.json': [
      JSON.stringify(chatLine('good', ['Hi', 'Hello'])),
      deep,
      `{"type":"chat","tstamp":1,"model":"m","state":{"conv_id":"x","messages":${deep}}}`,
      `{"type":"chat","tstamp":1,"model":"m","junk":${deep},"state":{"conv_id":"y","messages":[["USER","Hi"]]}}`,
      '{"__proto__":{"model":"evil"},"type":"chat","tstamp":1,"state":{"conv_id":"z","messages":[["USER","Hi"]]}}',
      '{"type":"chat","tstamp":1,"model":"constructor","state":{"conv_id":"__proto__","messages":[["USER","Hi"]]}}',
    ].join('\n'),
  })
  expect(conversations.map(({ id, model }) => [id, model])).toEqual([
    ['__proto__', 'constructor'],
    ['good', 'vicuna-13b'],
    ['y', 'm'],
  ])
  expect(report.refused).toEqual({ 'content-not-text': 1, 'invalid-json': 1, 'model-missing': 1 })
})

test('the quarantine keeps records without their addresses, and of unreadable lines the place alone', async () => {
  const secretive = {
    type: 'chat',
    tstamp: 1,
    model: 7,
    ip: address,
    note: `from ${address} and 2001:db8::17, at 12:30:45`,
    'x-forwarded-for': 'me',
  }
  const { quarantine } = await ingestFiles({
    'a.json': `${JSON.stringify(chatLine('good', ['Hi', 'Hello']))}\n${JSON.stringify(secretive)}\n{"ip":"${address}"`,
  })
  expect(quarantine).toMatchObject([
    { line: 2, record: { type: 'chat', tstamp: 1, model: 7, note: 'from [address] and [address], at 12:30:45' } },
    { line: 3, reason: 'half-line' },
  ])
  expect(Object.keys(quarantine[1] ?? {})).toEqual(['file', 'line', 'offset', 'sizeBytes', 'reason'])
  expect(JSON.stringify(quarantine)).not.toContain('forwarded')
})
