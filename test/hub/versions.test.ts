import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { compareVersions } from '../../src/hub/datasets/releases.ts'
import { nextVersion } from '../../src/hub/publish/versions.ts'
import { sealManifest } from '../../src/release/manifest.ts'
import { startTestHub, type TestHub } from './test-hub.ts'

let hub: TestHub
let owner: string
const path = '/api/datasets/ann/chats'
beforeAll(async () => {
  hub = await startTestHub()
  ;({ token: owner } = await hub.user('ann'))
  await hub.call('POST', '/api/repos/create', { token: owner, body: { name: 'chats', type: 'dataset' } })
})
afterAll(() => hub.close())

interface Facts {
  version: string
  rows: number
  columns: string[]
  recipe: string
  notes: string
  deletion?: object
}
const base: Facts = { version: '1.0.0', rows: 3, columns: ['conversation_id', 'model'], recipe: 'default', notes: '' }

/** Commits a small release: a manifest that agrees with its files. */
async function publish(change: Partial<Facts>): Promise<void> {
  const { version, rows, columns, recipe, notes, deletion } = { ...base, ...change }
  const files = { 'data/rows.jsonl': JSON.stringify([rows, columns, recipe]), 'NOTES.md': notes }
  const manifest = sealManifest({
    schema: 1,
    kind: 'colloquy-release',
    title: 'Chats {of} people',
    version,
    published: '2026-02-03',
    settings: { authors: ['Ada B', 'Cy D'] },
    recipe: { name: recipe },
    labels: {},
    rows,
    columns,
    ...(deletion ? { deletion } : {}),
    files: Object.entries(files).map(([name, text]) => ({
      path: name,
      sizeBytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    })),
  })
  expect((await hub.commit('ann/chats', owner, { ...files, 'manifest.json': manifest })).status).toBe(200)
}

const Versions = z.array(
  z.object({ version: z.string(), revision: z.string(), change: z.string(), citation: z.object({ text: z.string(), bibtex: z.string() }) }),
)
const versions = async () => Versions.parse((await hub.json('GET', `${path}/versions`)).body)

test.each([
  ['is the manifest’s for the first', {}, '1.0.0', 'first'],
  ['rises by its last number when only documents change', { notes: 'hello' }, '1.0.1', 'patch'],
  ['rises by its last number when conversations were deleted on request', { rows: 2, deletion: { conversations: 1 } }, '1.0.2', 'patch'],
  ['rises in the middle when conversations are added', { rows: 9 }, '1.1.0', 'minor'],
  ['rises in the middle when the recipe changes', { rows: 9, recipe: 'mine' }, '1.2.0', 'minor'],
  ['rises in the middle when a column is added', { rows: 9, recipe: 'mine', columns: [...base.columns, 'tokens'] }, '1.3.0', 'minor'],
  ['rises in front when a column is gone', { rows: 9, recipe: 'mine', columns: ['conversation_id'] }, '2.0.0', 'major'],
  ['is the manifest’s where that is newer', { rows: 9, version: '3.1.4' }, '3.1.4', 'minor'],
])('a version %s', async (_what, change, version, kind) => {
  await publish(change)
  const [newest] = await versions()
  expect([newest?.version, newest?.change]).toEqual([version, kind])
})

test('versions are tags that every client resolves, and each has a citation that names the very content', async () => {
  const all = await versions()
  expect(all.map(({ version }) => version)).toEqual(['3.1.4', '2.0.0', '1.3.0', '1.2.0', '1.1.0', '1.0.2', '1.0.1', '1.0.0'])
  const { body } = await hub.json('GET', `${path}/refs`)
  expect(
    z
      .object({ tags: z.array(z.object({ name: z.string() })) })
      .parse(body)
      .tags.map(({ name }) => name),
  ).toContain('v1.0.2')
  const manifest = await hub.json('GET', '/datasets/ann/chats/resolve/v1.0.2/manifest.json')
  expect(manifest.body).toMatchObject({ rows: 2 })
  const [newest] = all
  expect(newest?.citation.text).toBe(
    `Ada B, Cy D (2026). Chats of people, version 3.1.4. https://hub.test/datasets/ann/chats?revision=${newest?.revision}`,
  )
  expect(newest?.citation.bibtex).toContain('title = {Chats of people}')
})

test('the same release again makes no version, nor does a commit without one', async () => {
  await publish({ rows: 9, version: '3.1.4' })
  await hub.commit('ann/chats', owner, { 'other.txt': 'x' })
  expect((await versions())[0]?.version).toBe('3.1.4')
})

test('a dataset says its version by number, in the list too, and at a commit that is no version the one that it goes on from', async () => {
  const Info = z.object({ sha: z.string(), version: z.string().nullable(), sinceVersion: z.string().nullable() })
  const { sinceVersion } = Info.parse((await hub.json('GET', path)).body)
  const [first] = ((await hub.json('GET', `${path}/commits/v1.0.2`)).body as { id: string }[]).slice(-1)
  const before = Info.parse((await hub.json('GET', `${path}/revision/${first?.id}`)).body)
  expect([sinceVersion, before.sinceVersion]).toEqual(['3.1.4', null])
  const at = async (revision: string) => Info.parse((await hub.json('GET', `${path}/revision/${revision}`)).body).version
  const listed = async () => z.array(Info).parse((await hub.json('GET', '/api/datasets')).body)[0]?.version
  expect([await at('v1.0.2'), await at('v3.1.4'), await at('main'), await listed()]).toEqual(['1.0.2', '3.1.4', null, null])
  await publish({ rows: 11 })
  expect([await at('main'), await listed()]).toEqual(['3.2.0', '3.2.0'])
})

test('versions are compared by number, not by letter', () => {
  expect(['1.10.0', '1.9.0', '2.0.0', '1.9.1'].sort(compareVersions)).toEqual(['1.9.0', '1.9.1', '1.10.0', '2.0.0'])
  expect([nextVersion('1.2.3', 'patch'), nextVersion('1.2.3', 'minor'), nextVersion('1.2.3', 'major')]).toEqual(['1.2.4', '1.3.0', '2.0.0'])
})
