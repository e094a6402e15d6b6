import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Conversation } from '../../src/conversation.ts'
import { digestOf, earlierFolder } from '../../src/curate/earlier.ts'
import { labelAll } from '../../src/curate/label-all.ts'
import { createLabeller } from '../../src/curate/registry.ts'
import { findUnlabelled } from '../../src/curate/unlabelled.ts'
import { openPool } from '../../src/engine/pool.ts'
import { hashFile } from '../../src/storage/files.ts'
import { type Row, readParquetMetadata } from '../../src/storage/parquet.ts'
import { inventConversation, inventWork } from './work.ts'

const pool = openPool(2)
afterAll(() => pool.close())

const specs = ['format', 'signatures', 'quality', 'language', 'moderation', 'redaction'].map((name) => ({ name, settings: {} }))

/** Conversations as ingest deals them: by the first digit of their id, each shard sorted by id. */
function deal(conversations: readonly Conversation[], shards: 1 | 2 | 4): Conversation[][] {
  const sorted = [...conversations].sort((a, b) => (a.id < b.id ? -1 : 1))
  return Array.from({ length: shards }, (_, shard) =>
    sorted.filter(({ id }) => Math.floor((Number.parseInt(id.slice(0, 1), 16) * shards) / 16) === shard),
  )
}

const day = (from: number, to: number, text = 'Please tell Mary Smith about tide'): Conversation[] =>
  Array.from({ length: to - from }, (_, index) => {
    const id = digestOf(inventConversation(String(from + index))).toString('hex')
    return inventConversation(id, { messages: [{ role: 'user', content: `${text} ${from + index}.` }] })
  })

async function shardsOf(work: string) {
  return Promise.all(
    readdirSync(join(work, 'conversations'))
      .sort()
      .map(async (file) => {
        const path = join(work, 'conversations', file)
        const rows = Number((await readParquetMetadata(path)).num_rows)
        return { shard: file.slice(0, 5), rows, sha256: await hashFile(path) }
      }),
  )
}

async function label(work: string): Promise<Record<string, number>> {
  const { reused } = await labelAll({ work, shards: await shardsOf(work), specs, pool, onRows: () => {} })
  return reused
}

async function hashesOf(work: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const file of readdirSync(join(work, 'labels'), { recursive: true, encoding: 'utf8' }).sort())
    if (/\.\w+$/.test(file)) hashes[file] = await hashFile(join(work, 'labels', file))
  return hashes
}

/** The same work folder with other conversations in it, as ingest leaves it when logs are added. */
async function replace(work: string, conversations: readonly (readonly Conversation[])[]): Promise<void> {
  const next = await inventWork(conversations)
  rmSync(join(work, 'conversations'), { recursive: true })
  cpSync(join(next, 'conversations'), join(work, 'conversations'), { recursive: true })
}

test('a day added to the logs costs the labels of that day, and the sidecars are byte for byte those of a first run', async () => {
  const work = await inventWork(deal(day(0, 60), 2))
  expect(await label(work)).toEqual(Object.fromEntries(specs.map(({ name }) => [name, 0])))
  await replace(work, deal(day(0, 80), 2))
  expect(await label(work)).toEqual(Object.fromEntries(specs.map(({ name }) => [name, 60])))
  const anew = await inventWork(deal(day(0, 80), 2))
  await label(anew)
  expect(await hashesOf(work)).toEqual(await hashesOf(anew))
  // A third run finds everything made.
  expect(await label(work)).toEqual({})
})

test('more shards than before take their rows from the shard that held them; a changed conversation is labelled anew', async () => {
  const work = await inventWork(deal(day(0, 40), 1))
  await label(work)
  const changed = [...day(0, 5, 'Something else about tide'), ...day(5, 60)]
  await replace(work, deal(changed, 4))
  expect(await label(work)).toEqual(Object.fromEntries(specs.map(({ name }) => [name, 35])))
  const anew = await inventWork(deal(changed, 4))
  await label(anew)
  expect(await hashesOf(work)).toEqual(await hashesOf(anew))
})

test('a run that was stopped among the shards goes on with what was set aside', async () => {
  const work = await inventWork(deal(day(0, 40), 2))
  await label(work)
  await replace(work, deal(day(0, 50), 2))
  const stopped = mkdtempSync(join(tmpdir(), 'colloquy-stopped-'))
  cpSync(work, stopped, { recursive: true })
  await label(work)
  // As a kill leaves it: sidecars set aside, one new one finished.
  for (const folder of readdirSync(join(stopped, 'labels'))) {
    const there = join(stopped, 'labels', folder)
    cpSync(there, earlierFolder(there), { recursive: true })
    for (const file of readdirSync(there)) rmSync(join(there, file))
    for (const file of ['00001.digests', '00001.parquet']) cpSync(join(work, 'labels', folder, file), join(there, file))
  }
  const [first = []] = deal(day(0, 40), 2)
  expect(await label(stopped)).toEqual(Object.fromEntries(specs.map(({ name }) => [name, first.length])))
  expect(await hashesOf(stopped)).toEqual(await hashesOf(work))
  expect(readdirSync(join(stopped, 'labels')).filter((name) => name.endsWith('.earlier'))).toEqual([])
  expect(existsSync(join(stopped, 'conversations'))).toBe(true)
})

test('where a conversation was read from does not count, everything else does', () => {
  const one = inventConversation('a', { user: 'u' })
  expect(digestOf({ ...one, source: { file: 'moved.json', line: 7 } })).toEqual(digestOf(one))
  expect(digestOf({ ...one, user: 'v' })).not.toEqual(digestOf(one))
  expect(digestOf({ ...one, messages: [...one.messages, { role: 'user', content: '' }] })).not.toEqual(digestOf(one))
})

test('what is left to label is what no earlier run has labelled for good: all, then the added day, then nothing', async () => {
  const read = async (work: string, isFinal?: (row: Row) => boolean) => {
    const labeller = await createLabeller({ name: 'format', settings: { blockedWords: [] } })
    const left = await findUnlabelled({ work, shards: await shardsOf(work), labeller: { ...labeller, ...(isFinal ? { isFinal } : {}) } })
    const ids: string[] = []
    for await (const { id } of left?.conversations ?? []) ids.push(id)
    return { ids: ids.sort(), share: left?.share }
  }
  const idsOf = (conversations: readonly Conversation[]) => conversations.map(({ id }) => id).sort()
  const [before, after] = [deal(day(0, 60), 2), deal(day(0, 80), 2)]
  const work = await inventWork(before)
  expect(await read(work)).toEqual({ ids: idsOf(before[0] ?? []), share: 60 / (before[0]?.length ?? 0) })
  await label(work)
  expect(await read(work)).toEqual({ ids: [], share: undefined })
  await replace(work, after)
  const old = new Set(day(0, 60).map(({ id }) => id))
  const added = idsOf(after[0] ?? []).filter((id) => !old.has(id))
  expect(added.length).toBeGreaterThan(0)
  expect(await read(work)).toEqual({ ids: added, share: 80 / (after[0]?.length ?? 0) })
  // Rows that failed are asked for again, and counted.
  expect((await read(work, () => false)).ids).toEqual(idsOf(after[0] ?? []))
  await label(work)
  expect(await read(work)).toEqual({ ids: [], share: undefined })
})
