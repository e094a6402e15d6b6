import { rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { replyFile, withFile } from '../console/routes.ts'
import { writeSubset } from '../console/runs.ts'
import { HubError } from '../errors.ts'
import { streamOf } from '../protocol/serve-content.ts'
import { type DatasetCall, type Route, viewerRoute } from '../routes.ts'
import { Choice, facts, oneSplit, selectionOf, viewerHeaders } from './call.ts'

const Export = Choice.extend({ format: z.enum(['jsonl', 'parquet']) })
/** Rows that are read and sent at once. */
const BATCH = 256

/** A part of a release as a file: all rows that meet a condition or contain words. */
export const exportRoutes: Route[] = [
  viewerRoute(facts('/export', 'All rows that meet a condition or contain words, as JSON lines or Parquet', Export), async (call) => {
    const { hub, context, dataset, actor } = call
    const { source, split, commit } = await oneSplit(call)
    const format = z.enum(['jsonl', 'parquet']).safeParse(context.req.query('format') ?? 'jsonl')
    if (!format.success) throw new HubError(422, 'InvalidParameter', "Parameter 'format' must be jsonl or parquet")
    const folder = await hub.indexes.folder(source)
    const rows = await hub.indexes.readers.ask('rowNumbers', { folder, selection: selectionOf(call) })
    const event = { actor, action: 'viewer.exported', dataset: dataset.fullName, revision: commit.id }
    const name = `${dataset.name}-${split.split}.${format.data}`
    viewerHeaders(call, commit)
    if (format.data === 'parquet') {
      return withFile(hub, 'parquet', async (path) => {
        const numbers = `${path}.rows`
        try {
          await writeFile(numbers, rows.join('\n'))
          const paths = (await source.find()).map((file) => file.path)
          await writeSubset(actor, { paths, numbers, out: path, temp: `${path}.temp` })
        } finally {
          await rm(numbers, { force: true })
          await rm(`${path}.temp`, { recursive: true, force: true })
        }
        const reply = await replyFile(call, path, name)
        await hub.ledger.append({
          ...event,
          bytes: Number(reply.headers.get('content-length')),
          detail: { rows: rows.length, format: 'parquet' },
        })
        return reply
      })
    }
    // Kept before the first byte goes out, as for files: who may have seen it counts.
    await hub.ledger.append({ ...event, detail: { rows: rows.length, format: 'jsonl' } })
    context.header('Content-Type', 'application/x-ndjson; charset=utf-8')
    context.header('Content-Disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`)
    return context.body(streamOf(lines(call, folder, rows)))
  }),
]

/** Lines of JSON, as fast as they are taken; the bytes are entered in the ledger when the last is. */
async function* lines({ hub, dataset, actor }: DatasetCall, folder: string, rows: Uint32Array): AsyncIterable<Uint8Array> {
  let bytes = 0
  try {
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = await hub.indexes.readers.ask('lines', { folder, rows: rows.slice(at, at + BATCH) })
      bytes += batch.length
      yield batch
    }
  } finally {
    await hub.ledger.append({ actor, action: 'viewer.export-sent', dataset: dataset.fullName, bytes })
  }
}
