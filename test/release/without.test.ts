import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { release } from '../../src/release/release.ts'
import { verifyRelease } from '../../src/release/verify.ts'
import { releaseWithout } from '../../src/release/without.ts'
import { readParquet } from '../../src/storage/parquet.ts'
import { removeAll, type WorkPlan, writeWork } from './work-folder.ts'

const made: string[] = []
afterAll(() => removeAll(...made))

const allColumns = ['language_code', 'tokens', 'started_at', 'user', 'consent', 'redactions', 'outcome', 'quality', 'message_languages']
const card = { title: 'Chats', licensor: 'The lab', contact: 'data@example.org', law: 'Chile', url: 'https://example.org/chats' }
const labels: NonNullable<WorkPlan['labels']> = ['language', 'tokens', 'redaction', 'moderation', 'quality']
const idOf = (index: number) => (index * 2_654_435_761).toString(16).padStart(32, '0')

async function build(plan: WorkPlan, layout = { fileBytes: 60_000, rowGroupRows: 100, segmentRows: 100 }): Promise<string> {
  const work = await writeWork({ labels, dropEvery: 0, ...plan, recipe: { card, columns: allColumns, ...plan.recipe } })
  made.push(work)
  const out = join(work, 'out')
  await release({ work, out, jobs: 1, layout })
  return out
}

const bytes = (dir: string, path: string) => readFileSync(join(dir, path))
const json = (dir: string, path: string) => JSON.parse(bytes(dir, path).toString('utf8'))
const everything = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.\w+$/.test(path))
    .map((path) => bytes(dir, path).toString('latin1'))
    .join('')

describe('a release made again without a conversation', () => {
  const one = { fileBytes: 1e9, rowGroupRows: 50, segmentRows: 50 }

  test('has the bytes, statistics and figures of one that never held it', async () => {
    const from = await build({ conversations: 240, shards: 1 }, one)
    const out = `${from}-2`
    const report = await releaseWithout({ from, out, conversations: [idOf(239)], users: [], published: '2026-03-01' })
    expect(report).toMatchObject({ removed: [{ id: idOf(239), user: '4'.repeat(64) }], rows: 239, version: '1.0.1' })
    const never = await build({ conversations: 239, shards: 1 }, one)
    const path = 'data/train-00000-of-00001.parquet'
    expect(bytes(out, path).equals(bytes(never, path))).toBe(true)
    // Curate's own counts (rules, distinct users) belong to the run that was; all that is counted from rows is the same.
    const { rules: _, users: __, ...stats } = json(out, 'stats.json')
    const { rules: ___, users: ____, ...expected } = json(never, 'stats.json')
    expect(stats).toEqual(expected)
    for (const figure of readdirSync(join(never, 'figures')))
      expect(bytes(out, `figures/${figure}`)).toEqual(bytes(never, `figures/${figure}`))
  })

  test('rewrites only the files that hold it, is whole, and carries settings, provenance and a count', async () => {
    const from = await build({ conversations: 1000, shards: 3 })
    const out = `${from}-2`
    const report = await releaseWithout({ from, out, conversations: [idOf(500)], users: [], published: '2026-03-01' })
    expect(await verifyRelease(out)).toMatchObject({ rows: 999, faults: [] })
    const files = readdirSync(join(from, 'data')).sort()
    expect(files.length).toBeGreaterThan(2)
    expect(readdirSync(join(out, 'data')).sort()).toEqual(files)
    const changed = files.filter((file) => !bytes(from, `data/${file}`).equals(bytes(out, `data/${file}`)))
    expect(changed).toHaveLength(1)
    const manifest = json(out, 'manifest.json')
    expect(manifest).toMatchObject({ version: '1.0.1', published: '2026-03-01', rows: 999, deletion: { conversations: 1, from: '1.0.0' } })
    expect(manifest.inputs).toEqual(json(from, 'manifest.json').inputs)
    expect(manifest.settings).toMatchObject(card)
    const readme = bytes(out, 'README.md').toString('utf8')
    expect(readme).toContain('So far 1 conversation was deleted after publication')
    expect(readme).toContain('999 conversations')
    expect(json(out, 'croissant.json')).toMatchObject({ version: '1.0.1', publisher: { name: 'The lab' } })
    expect(report.files.map(({ path }) => path)).toContain('manifest.json')
    expect(everything(out)).not.toContain(idOf(500))
  })

  test('and another, and all of a person’s, by the hash of their column', async () => {
    const from = await build({ conversations: 300, shards: 2 })
    const second = `${from}-2`
    await releaseWithout({ from, out: second, conversations: [idOf(1)], users: [], published: '2026-03-01' })
    const user = '2'.repeat(64)
    const third = `${from}-3`
    const report = await releaseWithout({ from: second, out: third, conversations: [], users: [user], published: '2026-03-02' })
    expect(report).toMatchObject({ version: '1.0.2', rows: 239 })
    const left = []
    for (const file of readdirSync(join(third, 'data'))) for await (const rows of readParquet(join(third, 'data', file))) left.push(...rows)
    expect(left.filter((row) => row.user === user || row.conversation_id === idOf(1))).toEqual([])
    expect(json(third, 'manifest.json').deletion).toMatchObject({ conversations: 61, from: '1.0.1' })
    expect(json(third, 'stats.json').users).toBe(4)
    expect(everything(third)).not.toContain(user)
  })

  test('quotes another row on its card when the quoted one is gone', async () => {
    const from = await build({ conversations: 60, messages: 2 })
    const quoted = /"conversation_id": "([0-9a-f]{32})"/.exec(bytes(from, 'README.md').toString('utf8'))?.[1] ?? ''
    expect(quoted).not.toBe('')
    const out = `${from}-2`
    await releaseWithout({ from, out, conversations: [quoted], users: [], published: '2026-03-01' })
    expect(bytes(out, 'README.md').toString('utf8')).not.toContain(quoted)
  })

  test('says which figures it had to carry over when no column tells them', async () => {
    const from = await build({ conversations: 60, recipe: { columns: [] } })
    const out = `${from}-2`
    await releaseWithout({ from, out, conversations: [idOf(3)], users: [], published: '2026-03-01' })
    expect(json(out, 'manifest.json').deletion.carried).toEqual({ figures: ['tokens', 'days', 'users', 'kinds of redactions'], of: 60 })
    expect(bytes(out, 'README.md').toString('utf8')).toContain(
      'still count the 60 conversations from before deletions, since the columns do not tell them: tokens, days, users, kinds of redactions.',
    )
    expect(json(out, 'stats.json')).toMatchObject({ conversations: 59, moderation: expect.anything(), tokenizer: 'llama-2' })
  })

  test('is not made when nothing is found, when nothing would be left, or from what cannot tell how it was made', async () => {
    const from = await build({ conversations: 2, shards: 1 })
    const out = `${from}-2`
    const without = (conversations: string[], at = from) =>
      releaseWithout({ from: at, out, conversations, users: [], published: '2026-03-01' })
    expect(await without(['none'])).toMatchObject({ removed: [], rows: 2, version: '1.0.0' })
    await expect(without([idOf(0), idOf(1)])).rejects.toMatchObject({ code: 'release-empty' })
    await expect(without([idOf(0)], join(from, 'data'))).rejects.toMatchObject({ code: 'release-former' })
  })
})
