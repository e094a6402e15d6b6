import { read } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'

/** Part [start, end) of a file on this machine. */
export interface FilePart {
  path: string
  start: number
  end: number
}

const parts = new WeakMap<object, FilePart>()

/**
 * Remembers that a body is part of a file: where the answer has `Accept-Ranges`, a server of Node's then sends the file itself (`sendFile`). Any other
 * reader reads the stream.
 */
export function markFile(body: ReadableStream<Uint8Array>, part: FilePart): ReadableStream<Uint8Array> {
  parts.set(body, part)
  return body
}

const bufferBytes = 1024 * 1024

/**
 * Sends an answer whose body is part of a file straight to the connection, by two buffers in turn: for 69 MB about 50 ms of processor time, 36 of them the
 * system's for copying; 60 with promises in place of callbacks, 90 through Node's file streams, which take new memory for each chunk, 160 through a web
 * stream. nginx has the system send the file (8 ms), which Node cannot. Gives back any other answer as it is.
 */
export async function sendFile(response: Response, outgoing: ServerResponse): Promise<Response> {
  // Only files have ranges; to ask any other answer for its body would make a web stream of it.
  const part = response.headers.has('accept-ranges') && response.body ? parts.get(response.body) : undefined
  if (!part || part.end <= part.start) return response
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  try {
    await copy(part, outgoing)
    outgoing.end()
  } catch {
    // The client has gone, or the file cannot be read: the connection ends short of the promised length, and there is nobody else to tell.
    outgoing.destroy()
  }
  return RESPONSE_ALREADY_SENT
}

async function copy(part: FilePart, outgoing: ServerResponse): Promise<void> {
  const file = await open(part.path)
  try {
    await new Promise<void>((resolve, reject) => copyOpen(file.fd, part, outgoing, (error) => (error ? reject(error) : resolve())))
  } finally {
    await file.close()
  }
}

/** Calls `done` once, when no read is under way any more: the file may then be closed. */
function copyOpen(file: number, { start, end }: FilePart, outgoing: ServerResponse, done: (error?: Error) => void): void {
  const size = Math.min(bufferBytes, end - start)
  const free = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)]
  let at = start
  let sent = start
  let isReading = false
  let failure: Error | undefined
  let isOver = false
  const finish = (error?: Error) => {
    failure ??= error
    if (isOver || isReading || (!failure && sent < end)) return
    isOver = true
    outgoing.off('close', gone)
    done(failure)
  }
  // A connection that closes while bytes wait need not call back.
  const gone = () => finish(new Error('the client has gone'))
  outgoing.once('close', gone)
  const next = () => {
    const buffer = isReading || failure || at >= end ? undefined : free.pop()
    if (!buffer) return
    isReading = true
    read(file, buffer, 0, Math.min(size, end - at), at, (error, bytesRead) => {
      isReading = false
      if (failure || error || bytesRead === 0) return finish(error ?? new Error('the file ended early'))
      at += bytesRead
      outgoing.write(buffer.subarray(0, bytesRead), (failed) => {
        if (failed) return finish(failed)
        sent += bytesRead
        free.push(buffer)
        if (sent === end) finish()
        else next()
      })
      next()
    })
  }
  next()
}
