import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describeError, InputError } from '../errors.ts'
import { hashFile } from '../storage/files.ts'
import { readParquetMetadata, toSchema } from '../storage/parquet.ts'
import { fromSchema, lmsysColumns } from './columns.ts'
import { type Manifest, manifestSchema, sealManifest } from './manifest.ts'

/** One thing that is wrong with a release: which file, and what. */
export interface Fault {
  path: string
  fault: 'missing' | 'extra' | 'size' | 'content' | 'rows' | 'schema' | 'unreadable' | 'not-a-file'
  message: string
}

/** What verification found; the release is whole when `faults` is empty. */
export interface Verification {
  files: number
  rows: number
  faults: Fault[]
}

/** Not part of a release, and put beside it by git and download clients. */
const ignored = /^(\.gitattributes|\.git|\.cache)(\/|$)/

/**
 * Checks a release folder against its manifest: the manifest itself, every file's size and sha256, no file more or less, the rows of the Parquet files,
 * and LMSYS-Chat-1M's seven columns first.
 * @throws InputError `release-missing` when there is no manifest.json to check against.
 */
export async function verifyRelease(dir: string): Promise<Verification> {
  const faults: Fault[] = []
  const manifest = readManifest(dir, faults)
  if (!manifest) return { files: 0, rows: 0, faults }
  const present = listFiles(dir, faults)
  const known = new Set(['manifest.json', ...manifest.files.map(({ path }) => path)])
  for (const [path] of present) {
    if (!known.has(path))
      faults.push({ path, fault: 'extra', message: `${path} is not in the manifest. Remove it, or publish it elsewhere.` })
  }
  let rows = 0
  for (const file of manifest.files) rows += await checkFile(file, present, faults)
  const listed = manifest.files.reduce((sum, file) => sum + (file.rows ?? 0), 0)
  if (listed !== manifest.rows) {
    faults.push({
      path: 'manifest.json',
      fault: 'rows',
      message: `manifest.json says ${manifest.rows} rows, but its files add up to ${listed}.`,
    })
  }
  faults.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return { files: manifest.files.length, rows, faults }
}

function readManifest(dir: string, faults: Fault[]): Manifest | undefined {
  const path = join(dir, 'manifest.json')
  if (!existsSync(path))
    throw new InputError(
      'release-missing',
      `${dir} has no manifest.json, so it is no release, or half of one. Give the folder that --out named.`,
    )
  const text = readFileSync(path, 'utf8')
  try {
    const raw = JSON.parse(text) as Record<string, unknown>
    const manifest = manifestSchema.parse(raw)
    if (sealManifest(raw) !== text) {
      faults.push({
        path: 'manifest.json',
        fault: 'content',
        message: 'manifest.json was changed: it does not have the sha256 that it states.',
      })
    }
    return manifest
  } catch (error) {
    const why = describeError(error).replaceAll(/\s+/g, ' ').slice(0, 300)
    faults.push({ path: 'manifest.json', fault: 'unreadable', message: `manifest.json is no manifest of a release: ${why}` })
    return undefined
  }
}

/** Every plain file under the folder, by its path with `/`. Links and devices are faults: a release holds files only. */
function listFiles(dir: string, faults: Fault[]): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (inside: string) => {
    for (const entry of readdirSync(join(dir, inside), { withFileTypes: true })) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`
      if (ignored.test(path)) continue
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) found.set(path, join(dir, path))
      else faults.push({ path, fault: 'not-a-file', message: `${path} is a link or a device, not a plain file.` })
    }
  }
  walk('')
  return found
}

/** Checks one file; resolves to the rows that it holds. */
async function checkFile(file: Manifest['files'][number], present: ReadonlyMap<string, string>, faults: Fault[]): Promise<number> {
  const { path, sizeBytes, sha256 } = file
  const at = present.get(path)
  if (at === undefined) {
    if (!faults.some((fault) => fault.path === path)) faults.push({ path, fault: 'missing', message: `${path} is missing.` })
    return 0
  }
  const { size } = statSync(at)
  if (size !== sizeBytes) faults.push({ path, fault: 'size', message: `${path} has ${size} bytes, the manifest says ${sizeBytes}.` })
  else if ((await hashFile(at)) !== sha256)
    faults.push({ path, fault: 'content', message: `${path} was changed: its sha256 is not the manifest's.` })
  return path.endsWith('.parquet') ? checkParquet(at, file, faults) : 0
}

async function checkParquet(at: string, { path, rows }: Manifest['files'][number], faults: Fault[]): Promise<number> {
  try {
    const { schema, num_rows } = await readParquetMetadata(at)
    const count = Number(num_rows)
    if (count !== rows) faults.push({ path, fault: 'rows', message: `${path} holds ${count} rows, the manifest says ${rows}.` })
    const first = fromSchema(schema).slice(0, lmsysColumns.length)
    if (JSON.stringify(toSchema(first)) !== JSON.stringify(toSchema(lmsysColumns))) {
      const names = lmsysColumns.map(({ name }) => name).join(', ')
      faults.push({ path, fault: 'schema', message: `${path} does not begin with the columns ${names} in their types.` })
    }
    return count
  } catch (error) {
    faults.push({ path, fault: 'unreadable', message: `${path} cannot be read as Parquet: ${describeError(error).slice(0, 200)}` })
    return 0
  }
}
