import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Conversation } from '../conversation.ts'
import { writeWhole } from '../storage/files.ts'
import { type Row, readParquet, readParquetMetadata } from '../storage/parquet.ts'

/** Bytes of a conversation's digest. */
const digestBytes = 16

/** Where the sidecars of the conversations as they were before lie, while new ones are made from them. */
export const earlierFolder = (folder: string): string => `${folder}.earlier`

/** A shard of today's conversations. */
interface Sealed {
  shard: string
  sha256: string
}

const hashBytes = 32
const digestsPath = (folder: string, shard: string): string => join(folder, `${shard}.digests`)

/**
 * What tells whether a label still holds: all of a conversation but the place that it was read from, since files move. Two conversations of one id and
 * one digest get one label.
 */
export function digestOf({ source: _, ...facts }: Conversation): Buffer {
  return createHash('sha256').update(JSON.stringify(facts)).digest().subarray(0, digestBytes)
}

/** Writes beside a sidecar which conversations it was made for: the sha256 of their shard (hex), then a digest a row. */
export function writeDigests(
  folder: string,
  shard: string,
  { shardSha256, digests }: { shardSha256: string; digests: readonly Buffer[] },
): void {
  writeWhole(digestsPath(folder, shard), Buffer.concat([Buffer.from(shardSha256, 'hex'), ...digests]))
}

/** The digests of a sidecar's rows; undefined where there are none that go with it. */
async function readDigests(folder: string, shard: string): Promise<Buffer | undefined> {
  const path = digestsPath(folder, shard)
  const sidecar = join(folder, `${shard}.parquet`)
  if (!existsSync(path) || !existsSync(sidecar)) return undefined
  const bytes = readFileSync(path)
  return (await metadataOf(sidecar, 'conversations')) === bytes.subarray(0, hashBytes).toString('hex')
    ? bytes.subarray(hashBytes)
    : undefined
}

/** A value that a sidecar carries in its footer. */
async function metadataOf(path: string, key: string): Promise<string | undefined> {
  return (await readParquetMetadata(path)).key_value_metadata?.find((entry) => entry.key === key)?.value
}

/** Whether a label's sidecar of a shard is there, and made for the shard with this sha256. */
export async function isLabelled(folder: string, { shard, sha256 }: Sealed): Promise<boolean> {
  const path = join(folder, `${shard}.parquet`)
  return existsSync(path) && (await metadataOf(path, 'conversations')) === sha256
}

/**
 * Sets aside a label's sidecars that were made for other conversations than today's, so that unchanged rows can be taken from them. What an earlier run
 * set aside and did not use up stays.
 */
export async function setAside(folder: string, today: readonly Sealed[]): Promise<void> {
  if (!existsSync(folder) || existsSync(earlierFolder(folder))) return
  const shards = readdirSync(folder).flatMap((file) => (file.endsWith('.parquet') ? [file.slice(0, -'.parquet'.length)] : []))
  const current: string[] = []
  for (const one of today) if (await isLabelled(folder, one)) current.push(one.shard)
  if (current.length === shards.length) return
  renameSync(folder, earlierFolder(folder))
  mkdirSync(folder)
  for (const shard of current) {
    for (const file of [`${shard}.digests`, `${shard}.parquet`]) {
      if (existsSync(join(earlierFolder(folder), file))) renameSync(join(earlierFolder(folder), file), join(folder, file))
    }
  }
}

/** Removes what `setAside` kept: every shard has its new sidecar. */
export function clearAside(folder: string): void {
  rmSync(earlierFolder(folder), { recursive: true, force: true })
}

/** Rows of an earlier sidecar, asked for in the order of a shard's conversations. */
export interface EarlierRows {
  /** The row of the conversation with this id and digest, without `id`; undefined where there is none. */
  take(id: string, digest: Buffer): Promise<Row | undefined>
}

const none: EarlierRows = { take: async () => undefined }

/**
 * Opens the earlier sidecar that holds the ids of one of `shards` shards. Ingest deals ids to a power of two of shards by their hash and sorts each by id:
 * a shard of today lies wholly in one of then when there were as many or fewer.
 */
export async function openEarlier(folder: string, shard: string, shards: number): Promise<EarlierRows> {
  const earlier = earlierFolder(folder)
  const [some] = existsSync(earlier) ? readdirSync(earlier).filter((file) => file.endsWith('.parquet')) : []
  if (some === undefined) return none
  const shardsThen = Number((await metadataOf(join(earlier, some), 'shards')) ?? 0)
  if (shardsThen === 0 || shardsThen > shards) return none
  const name = String(Math.floor((Number(shard) * shardsThen) / shards)).padStart(5, '0')
  const digests = await readDigests(earlier, name)
  return digests ? walk(rowsOf(join(earlier, `${name}.parquet`)), digests) : none
}

function walk(rows: AsyncGenerator<Row, undefined>, digests: Buffer): EarlierRows {
  let at = -1
  let row: Row | undefined
  const next = async () => {
    row = (await rows.next()).value
    at++
  }
  return {
    async take(id, digest) {
      if (at < 0) await next()
      while (row && String(row.id) < id) await next()
      if (!row || row.id !== id || !digest.equals(digests.subarray(at * digestBytes, (at + 1) * digestBytes))) return undefined
      const { id: _, ...label } = row
      return label
    },
  }
}

async function* rowsOf(path: string): AsyncGenerator<Row, undefined> {
  for await (const group of readParquet(path)) yield* group
  return undefined
}
