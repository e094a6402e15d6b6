import { createHash } from 'node:crypto'
import { z } from 'zod'
import { HubError } from '../errors.ts'
import { SplitIndex } from './split-index.ts'

/** What became of one conversation between two versions; `columns` are those that changed. */
export interface Difference {
  id: string
  kind: 'added' | 'removed' | 'changed'
  columns?: string[]
}

/**
 * The conversations that two versions of a split differ by, in the order of their ids; folders are those of their indexes.
 * @throws HubError 422 `NoConversationId`.
 */
export function compareRows({ base, head }: { base: string; head: string }): Difference[] {
  const before = digestRows(base)
  const all: Difference[] = []
  const seen = new Set<string>()
  eachRow(head, (id, row) => {
    seen.add(id)
    const old = before.get(id)
    if (!old) all.push({ id, kind: 'added' })
    else if (old !== digestRow(row)) all.push({ id, kind: 'changed' })
  })
  for (const id of before.keys()) if (!seen.has(id)) all.push({ id, kind: 'removed' })
  nameColumns(all, base, head)
  return all.sort((a, b) => (a.id < b.id ? -1 : 1))
}

type Row = Record<string, unknown>

/** Of every row, by its id, a hash: versions are compared without holding their texts. */
function digestRows(folder: string): Map<string, string> {
  const digests = new Map<string, string>()
  eachRow(folder, (id, row) => digests.set(id, digestRow(row)))
  return digests
}

function digestRow(row: Row): string {
  const sorted = Object.keys(row).sort()
  return createHash('sha1')
    .update(JSON.stringify(sorted.map((name) => [name, row[name]])))
    .digest('base64')
    .slice(0, 16)
}

/** Which columns changed: only the changed rows are read again. */
function nameColumns(all: readonly Difference[], base: string, head: string): void {
  const changed = new Map(all.filter(({ kind }) => kind === 'changed').map((one) => [one.id, one]))
  if (changed.size === 0) return
  const old = new Map<string, Map<string, string>>()
  const digests = (row: Row) => new Map(Object.entries(row).map(([name, value]) => [name, digestRow({ value })]))
  eachRow(base, (id, row) => {
    if (changed.has(id)) old.set(id, digests(row))
  })
  eachRow(head, (id, row) => {
    const one = changed.get(id)
    if (!one) return
    const [before, now] = [old.get(id), digests(row)]
    one.columns = [...new Set([...now.keys(), ...(before?.keys() ?? [])])].filter((column) => now.get(column) !== before?.get(column))
  })
}

function eachRow(folder: string, take: (id: string, row: Row) => void): void {
  const index = new SplitIndex(folder)
  try {
    for (let at = 0; at < index.meta.rows; at += 1) {
      const row = z.record(z.string(), z.unknown()).parse(JSON.parse(index.rows.read(at)?.toString('utf8') ?? '{}'))
      const id = row.conversation_id ?? row.id
      if (typeof id !== 'string' && typeof id !== 'number')
        throw new HubError(422, 'NoConversationId', 'Versions are compared by conversation_id (or id); this split has neither.')
      take(String(id), row)
    }
  } finally {
    index.close()
  }
}
