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

/** Remembers that a body is part of a file: a server of Node's can then send the file itself (`sendFile`). Any other reader reads the stream. */
export function markFile(body: ReadableStream<Uint8Array>, part: FilePart): ReadableStream<Uint8Array> {
  parts.set(body, part)
  return body
}

const bufferBytes = 1024 * 1024

/**
 * Sends an answer whose body is part of a file straight to the connection, by two buffers in turn: about half of the processor time of the same
 * bytes through a web stream (.071–.085 s for 69 MB, not .164), and less than through Node's file streams (.092), which take new memory for each chunk. Gives back any other answer as it is.
 */
export async function sendFile(response: Response, outgoing: ServerResponse): Promise<Response> {
  const part = response.body ? parts.get(response.body) : undefined
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

async function copy({ path, start, end }: FilePart, outgoing: ServerResponse): Promise<void> {
  const file = await open(path)
  try {
    const size = Math.min(bufferBytes, end - start)
    const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)]
    let sent = Promise.resolve()
    for (let at = start, turn = 0; at < end; turn++) {
      const buffer = buffers[turn % 2] ?? Buffer.alloc(size)
      const { bytesRead } = await file.read(buffer, 0, Math.min(size, end - at), at)
      if (bytesRead === 0) throw new Error('the file ended early')
      at += bytesRead
      // The other buffer is free again once the connection has taken it.
      await sent
      sent = write(outgoing, buffer.subarray(0, bytesRead))
      // It may fail while the next bytes are read; it is awaited after them.
      sent.catch(() => {})
    }
    await sent
  } finally {
    await file.close()
  }
}

function write(outgoing: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // A connection that closes while bytes wait never calls back.
    const gone = () => reject(new Error('the client has gone'))
    outgoing.once('close', gone)
    outgoing.write(bytes, (error) => {
      outgoing.off('close', gone)
      if (error) reject(error)
      else resolve()
    })
  })
}
