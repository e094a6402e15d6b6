import type { Context } from 'hono'
import { contentName } from '../../storage/blobs.ts'
import { HubError } from '../errors.ts'
import type { LedgerEvent } from '../ledger.ts'
import { headerText } from '../reply.ts'
import type { Call } from '../routes.ts'
import { countDownload } from './count-downloads.ts'
import { markFile } from './file-stream.ts'

/** A file to answer with, and the event that the ledger keeps of it. */
export interface Served {
  sha256: string
  sizeBytes: number
  etag: string
  path: string
  event: LedgerEvent
}

/** Answers with a file: whole, by one range, or its facts alone for HEAD and for what the client already has. */
export async function serveContent({ hub, context }: Call, served: Served): Promise<Response> {
  const { sizeBytes, etag, path } = served
  context.header('ETag', `"${etag}"`)
  context.header('Accept-Ranges', 'bytes')
  context.header('Cache-Control', 'private, no-cache')
  context.header('Content-Type', typeOf(path))
  context.header('Content-Disposition', disposition(path))
  // Bytes from strangers never run as a page of ours.
  context.header('Content-Security-Policy', "default-src 'none'; sandbox")
  if (context.req.header('if-none-match')?.includes(`"${etag}"`)) return context.body(null, 304)
  const range = parseRange(context.req.header('range'), sizeBytes)
  if (range === 'unsatisfiable') {
    throw new HubError(416, 'RangeNotSatisfiable', `'${path}' has ${sizeBytes} bytes; the range lies outside.`, {
      'Content-Range': `bytes */${sizeBytes}`,
    })
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes }
  if (range) context.header('Content-Range', sizeBytes === 0 ? 'bytes 0-0/0' : `bytes ${start}-${end - 1}/${sizeBytes}`)
  context.header('Content-Length', String(end - start))
  const status = range && sizeBytes > 0 ? 206 : 200
  if (context.req.method === 'HEAD') return context.body(null, status)
  await hub.ledger.append({ ...served.event, bytes: end - start })
  if (start === 0 && served.event.dataset) countDownload(hub, served.event.dataset)
  const name = contentName(served.sha256)
  const { filesLocation } = hub.options
  if (filesLocation && hub.blobs.path && end > start) return leaveToProxy(context, `${filesLocation}/${name}`)
  const body = streamOf(hub.blobs.read(name, start, end))
  return context.body(hub.blobs.path ? markFile(body, { path: hub.blobs.path(name), start, end }) : body, status)
}

/** An answer without a body for nginx, which sends the file that it names, or the range of it that the client asked for. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers */
function leaveToProxy(context: Context, location: string): Response {
  context.header('X-Accel-Redirect', location)
  for (const own of ['Content-Length', 'Content-Range', 'Accept-Ranges']) context.header(own, undefined)
  return context.body(null, 200)
}

/**
 * One byte range of a `Range` header as [start, end). Several ranges, or another unit, count as none: the whole file is a right answer to both.
 * An empty file satisfies every range that begins at its start, since clients probe with `bytes=0-0`.
 */
export function parseRange(header: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replace(/\s/g, '') ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  if (match[1] === '') {
    const length = Number(match[2])
    return length === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size }
  }
  const start = Number(match[1])
  const last = match[2] === '' ? size - 1 : Number(match[2])
  if (size === 0 && start === 0) return { start: 0, end: 0 }
  if (match[2] !== '' && last < start) return undefined
  if (start >= size) return 'unsatisfiable'
  return { start, end: Math.min(last, size - 1) + 1 }
}

/** A web stream that reads only as fast as the client takes it, and stops reading when the client goes. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

const types: Record<string, string> = {
  md: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/plain; charset=utf-8',
  yaml: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
}

function typeOf(path: string): string {
  return types[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}

function disposition(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const plain = headerText(name).replace(/["\\]/g, '_')
  return `inline; filename*=UTF-8''${encodeURIComponent(name)}; filename="${plain}";`
}
