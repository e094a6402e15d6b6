import { createHash } from 'node:crypto'
import { z } from 'zod'
import { contentName } from '../../storage/blobs.ts'
import type { Queries } from '../../storage/database.ts'
import type { Hub } from '../hub.ts'
import { type Card, readCard } from './card.ts'
import type { FileEntry } from './git.ts'
import type { Commit } from './revisions.ts'
import type { Dataset } from './store.ts'
import { findEntry } from './trees.ts'

/** Cards and manifests are pages; what is larger is not read as one. */
const MAX_TEXT = 4 * 1024 * 1024

/** Cards by content hash: the same content reads the same for ever. */
const cards = new Map<string, Card>()
const KEPT = 500

/** A small file of a revision as text; undefined where there is none, it is withdrawn, or it is larger than 4 MiB. */
export async function readText(hub: Hub, dataset: Dataset, commit: Commit, path: string): Promise<string | undefined> {
  const entry = await findEntry(hub.database, commit.tree, path)
  if (entry?.type !== 'file' || entry.sizeBytes > MAX_TEXT) return undefined
  if (await findWithdrawal(hub, dataset, entry)) return undefined
  return (await readWhole(hub, entry)).toString('utf8')
}

/** The card of a revision; an empty one where there is no README.md. */
export async function cardOf(hub: Hub, dataset: Dataset, commit: Commit): Promise<Card> {
  const entry = await findEntry(hub.database, commit.tree, 'README.md')
  if (entry?.type !== 'file') return readCard('')
  const known = cards.get(entry.sha256)
  if (known && !(await findWithdrawal(hub, dataset, entry))) return known
  const card = readCard((await readText(hub, dataset, commit, 'README.md')) ?? '')
  if (cards.size >= KEPT) for (const first of cards.keys()) if (cards.delete(first)) break
  cards.set(entry.sha256, card)
  return card
}

/** All bytes of a file that is known to be small. */
export async function readWhole(hub: Hub, file: Pick<FileEntry, 'sha256'>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of hub.blobs.read(contentName(file.sha256))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Why a file's bytes are gone, where they are. */
export async function findWithdrawal(hub: Hub, dataset: Dataset, file: Pick<FileEntry, 'sha256'>): Promise<{ reason: string } | undefined> {
  const sql = 'select reason from withdrawals where dataset_id = $1 and sha256 = $2'
  return (await hub.database.select(z.object({ reason: z.string() }), sql, [dataset.id, file.sha256]))[0]
}

/** Reasons of all withdrawals of a dataset, by SHA-256 of what is withdrawn. */
export async function findWithdrawals(queries: Queries, dataset: Dataset): Promise<ReadonlyMap<string, string>> {
  const row = z.object({ sha256: z.string(), reason: z.string() })
  const rows = await queries.select(row, 'select sha256, reason from withdrawals where dataset_id = $1', [dataset.id])
  return new Map(rows.map(({ sha256, reason }) => [sha256, reason]))
}

/** SHA-256 of bytes, in hex. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
