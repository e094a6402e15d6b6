import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HubError } from '../../src/hub/errors.ts'
import { buildIndex } from '../../src/hub/index/build.ts'
import { openReaders } from '../../src/hub/index/readers.ts'
import { conversationsParquet } from './test-hub.ts'

const folder = mkdtempSync(join(tmpdir(), 'colloquy-readers-'))
const [one, other] = [join(folder, 'one'), join(folder, 'other')]

beforeAll(async () => {
  const path = join(folder, 'rows.parquet')
  const rows = Array.from({ length: 300 }, (_, n) => ({ id: `c${n}`, model: 'm', texts: [`hello ${n}`, 'x'.repeat(50)] }))
  writeFileSync(path, await conversationsParquet(folder, rows))
  for (const index of [one, other]) await buildIndex({ folder: index, paths: [path], total: rows.length }, () => {})
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const page = (index: string, offset: number) => ({ folder: index, selection: { role: 'any' as const }, offset, length: 1 })

test('many questions at once are all answered, each with its own answer', async () => {
  const threads = openReaders(2)
  try {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => threads.ask('page', page(n % 2 ? one : other, n))))
    for (const [n, { rows }] of answers.entries()) expect(Buffer.from(rows).toString()).toContain(`"conversation_id":"c${n}"`)
  } finally {
    await threads.close()
  }
})

test('a page has the rows that it names, also where only its first and last are as far apart as neighbours', async () => {
  const path = join(folder, 'mixed.parquet')
  // In order of their models: rows 0, 2, 1, 3.
  const rows = ['a', 'c', 'b', 'd'].map((model, n) => ({ id: `c${n}`, model, texts: ['hello', 'there'] }))
  writeFileSync(path, await conversationsParquet(folder, rows))
  const index = join(folder, 'mixed')
  await buildIndex({ folder: index, paths: [path], total: rows.length }, () => {})
  const threads = openReaders(1)
  try {
    for (const [orderby, order] of [
      ['"model"', [0, 2, 1, 3]],
      ['"model" desc', [3, 1, 2, 0]],
      ['"conversation_id"', [0, 1, 2, 3]],
    ] as const) {
      const answer = await threads.ask('page', { folder: index, selection: { role: 'any' }, orderby, offset: 0, length: 4 })
      const found = JSON.parse(Buffer.from(answer.rows).toString()) as { row_idx: number; row: { conversation_id: string } }[]
      expect(found.map(({ row_idx, row }) => [row_idx, row.conversation_id])).toEqual(order.map((n) => [n, `c${n}`]))
    }
  } finally {
    await threads.close()
  }
})

test('what waits for an index that is removed is refused; the rest is answered', async () => {
  const threads = openReaders(1)
  try {
    await threads.ask('page', page(one, 0))
    const asked = Array.from({ length: 12 }, (_, n) => threads.ask('page', page(n % 2 ? one : other, n)).catch((error: unknown) => error))
    await threads.forget(one)
    const answers = await Promise.all(asked)
    const refused = answers.filter((answer) => answer instanceof HubError)
    expect(refused.length).toBeGreaterThanOrEqual(4)
    for (const error of refused) expect(error).toMatchObject({ code: 'ResponseNotReady' })
    for (const [n, answer] of answers.entries()) if (n % 2 === 0) expect(answer).toMatchObject({ count: 1 })
  } finally {
    await threads.close()
  }
})

test('when threads are closed, nobody waits for ever', async () => {
  const threads = openReaders(1)
  const asked = Array.from({ length: 10 }, (_, n) => threads.ask('page', page(one, n)).catch((error: unknown) => error))
  await threads.close()
  const answers = await Promise.all(asked)
  expect(answers.some((answer) => answer instanceof HubError)).toBe(true)
  await expect(threads.ask('page', page(one, 0))).rejects.toThrow(HubError)
})
