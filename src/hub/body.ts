import type { Context } from 'hono'
import { z } from 'zod'
import { badRequest, HubError } from './errors.ts'

/** Bodies that are read whole: forms and lists, not files. */
const MAX_BODY = 4 * 1024 * 1024
/** A body may take hours, but who sends nothing for so long is gone. */
const MAX_PAUSE_MS = 60_000

/**
 * The request's JSON, as the schema says. An empty body counts as `{}`.
 * @throws HubError 400 `BadRequest` naming the field, 413 `BodyTooLarge`.
 */
export async function readJson<T>(context: Context, schema: z.ZodType<T>, maxBytes = MAX_BODY): Promise<T> {
  const bytes = await readBytes(context, maxBytes)
  return parseInput(bytes.length === 0 ? {} : parseJson(bytes), schema)
}

/** The request's body, at most `maxBytes` of it. */
export async function readBytes(context: Context, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bodyOf(context)) {
    size += chunk.length
    if (size > maxBytes) throw new HubError(413, 'BodyTooLarge', `The request's body is larger than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The request's body as it comes, however long that takes, with no pause longer than `maxPauseMs`. @throws HubError 408 `RequestTimeout`. */
export async function* bodyOf(context: Context, maxPauseMs = MAX_PAUSE_MS): AsyncIterable<Uint8Array> {
  const reader = context.req.raw.body?.getReader()
  if (!reader) return
  try {
    for (let read = await within(reader.read(), maxPauseMs); !read.done; read = await within(reader.read(), maxPauseMs)) yield read.value
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const message = `The request's body paused for more than ${ms / 1000} s. Send it again.`
    const timer = setTimeout(() => reject(new HubError(408, 'RequestTimeout', message)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Lines of a body, each at most `maxLine` bytes; empty ones are left out. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, maxLine: number): AsyncIterable<Buffer> {
  let parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, end)])
      parts = []
      size = 0
      start = end + 1
      if (line.length > 0) yield line
    }
    const rest = chunk.subarray(start)
    size += rest.length
    if (size > maxLine)
      throw new HubError(413, 'BodyTooLarge', `A line of the request is larger than ${maxLine} bytes. Send large files by LFS.`)
    if (rest.length > 0) parts.push(rest)
  }
  if (size > 0) yield Buffer.concat(parts)
}

/** JSON text, parsed. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    throw badRequest('The request is not JSON.')
  }
}

/** A value as the schema says, with words for people where it is not. */
export function parseInput<T>(value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw badRequest(`${issue?.path.join('.') || 'The request'}: ${issue?.message ?? z.prettifyError(parsed.error)}`)
}
