import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lmsysColumns } from '../../src/release/columns.ts'
import { sealManifest } from '../../src/release/manifest.ts'
import { release } from '../../src/release/release.ts'
import { verifyRelease } from '../../src/release/verify.ts'
import { type Row, readParquet, writeParquet } from '../../src/storage/parquet.ts'
import { removeAll, writeWork } from './work-folder.ts'

const data = 'data/train-00000-of-00001.parquet'
let work = ''
let number = 0

beforeAll(async () => {
  work = await writeWork({ conversations: 60 })
  await release({ work, out: join(work, 'good'), jobs: 1 })
})
afterAll(() => removeAll(work))

/** A copy of the good release to be damaged. */
function copy(): string {
  const dir = join(work, `copy-${number++}`)
  cpSync(join(work, 'good'), dir, { recursive: true })
  return dir
}

async function faultsOf(dir: string): Promise<[string, string][]> {
  return (await verifyRelease(dir)).faults.map(({ path, fault }) => [path, fault])
}

/** The release's manifest with changes, sealed anew as a forger would. */
function reseal(
  dir: string,
  change: (manifest: { rows: number; files: { path: string; sizeBytes: number; sha256: string; rows?: number }[] }) => void,
): void {
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'))
  change(manifest)
  writeFileSync(join(dir, 'manifest.json'), sealManifest(manifest))
}

async function rowsOf(dir: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const group of readParquet(join(dir, data))) rows.push(...group)
  return rows
}

test('a whole release has no fault', async () => {
  expect(await verifyRelease(join(work, 'good'))).toEqual({ files: 10, rows: 54, faults: [] })
})

test('one flipped byte is found in every file, and the file named', async () => {
  const files = [
    ...(JSON.parse(readFileSync(join(work, 'good', 'manifest.json'), 'utf8')).files as { path: string }[]).map(({ path }) => path),
    'manifest.json',
  ]
  for (const path of files) {
    const dir = copy()
    const bytes = readFileSync(join(dir, path))
    const at = Math.floor(bytes.length / 2)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(join(dir, path), bytes)
    const found = await faultsOf(dir)
    expect(found.length, path).toBeGreaterThan(0)
    expect(new Set(found.map(([file]) => file))).toContain(path)
    if (path !== 'manifest.json') expect(new Set(found.map(([file]) => file))).toEqual(new Set([path]))
  }
})

test('a missing file is found and named', async () => {
  const dir = copy()
  rmSync(join(dir, 'stats.json'))
  rmSync(join(dir, data))
  expect(await faultsOf(dir)).toEqual([
    [data, 'missing'],
    ['stats.json', 'missing'],
  ])
})

test('one extra row is found, also by its number', async () => {
  const dir = copy()
  const rows = await rowsOf(dir)
  await writeParquet(join(dir, data), lmsysColumns, [...rows, ...rows.slice(0, 1)])
  const { faults } = await verifyRelease(dir)
  expect(faults.map(({ path, fault }) => [path, fault])).toContainEqual([data, 'rows'])
  expect(faults.map(({ message }) => message)).toContainEqual(`${data} holds 55 rows, the manifest says 54.`)
})

test('one extra row is found even where size and sha256 were forged', async () => {
  const dir = copy()
  const rows = await rowsOf(dir)
  await writeParquet(join(dir, data), lmsysColumns, [...rows, ...rows.slice(0, 1)])
  const { createHash } = await import('node:crypto')
  reseal(dir, ({ files }) => {
    for (const file of files) {
      if (file.path !== data) continue
      file.sizeBytes = statSync(join(dir, data)).size
      file.sha256 = createHash('sha256')
        .update(readFileSync(join(dir, data)))
        .digest('hex')
    }
  })
  expect(await faultsOf(dir)).toEqual([[data, 'rows']])
})

test('an extra file and a link are found and named; what git and download clients put there is not', async () => {
  const dir = copy()
  mkdirSync(join(dir, 'data', 'more'))
  copyFileSync(join(dir, data), join(dir, 'data', 'more', 'extra.parquet'))
  symlinkSync('/etc/hostname', join(dir, 'link'))
  writeFileSync(join(dir, '.gitattributes'), '*.parquet filter=lfs\n')
  mkdirSync(join(dir, '.cache', 'huggingface'), { recursive: true })
  writeFileSync(join(dir, '.cache', 'huggingface', 'note'), '')
  expect(await faultsOf(dir)).toEqual([
    ['data/more/extra.parquet', 'extra'],
    ['link', 'not-a-file'],
  ])
})

test('a column that is not in its place is found', async () => {
  const dir = copy()
  const rows = await rowsOf(dir)
  await writeParquet(join(dir, data), [...lmsysColumns.slice(1), ...lmsysColumns.slice(0, 1)], rows)
  expect(await faultsOf(dir)).toContainEqual([data, 'schema'])
})

test('a file cut short, or no Parquet at all, is a fault and no crash', async () => {
  const dir = copy()
  truncateSync(join(dir, data), 1000)
  expect(await faultsOf(dir)).toEqual([
    [data, 'size'],
    [data, 'unreadable'],
  ])
})

test('a manifest that points outside the release, or adds up wrongly, is a fault', async () => {
  const outside = copy()
  reseal(outside, ({ files }) => files.push({ path: '../good/stats.json', sizeBytes: 1, sha256: '0'.repeat(64) }))
  expect(await faultsOf(outside)).toEqual([['manifest.json', 'unreadable']])
  const wrong = copy()
  reseal(wrong, (manifest) => {
    manifest.rows = 99
  })
  expect(await faultsOf(wrong)).toEqual([['manifest.json', 'rows']])
})

test('a folder without a manifest is refused with the way out', async () => {
  await expect(verifyRelease(join(work, 'conversations'))).rejects.toMatchObject({ code: 'release-missing', exitCode: 2 })
})
