import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nginxLocations, nginxProgram, startNginx } from '../test/hub/nginx.server.ts'
import { publishFile, startHub } from './hub.server.ts'

const ROUNDS = 20
/** About a file of LMSYS-Chat-1M. */
const BYTES = 256_000_000

/**
 * A whole file from a hub, from a hub whose files nginx sends (docs/operations.md), and from nginx's own folder, taken in turns: by `fetch`, as clients
 * do, and by a bare connection that throws away what comes, which shows the servers alone. Shares are of nginx's speed, by medians.
 */
export async function measureDownload(): Promise<Record<string, number | string>> {
  if (!nginxProgram) return { nginx: 'not installed' }
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-download-'))
  mkdirSync(join(folder, 'served'))
  const path = join(folder, 'served/file.bin')
  writeFileSync(path, randomBytes(BYTES))
  const alone = await startHub(join(folder, 'alone'))
  const behind = await startHub(join(folder, 'behind'), ['--nginx-files', '/_files', '--behind-proxy'])
  const locations = nginxLocations({ hub: behind.url, files: join(folder, 'behind/files') })
  const nginx = await startNginx(folder, `${locations} location /served/ { root ${folder}; }`)
  try {
    const own = await publishFile(alone, path, ['file.bin'])
    const sent = await publishFile(behind, path, ['file.bin'])
    const sources = {
      hub: { url: own.file, token: alone.token },
      'hub, files sent by nginx': { url: sent.file.replace(behind.url, nginx.url), token: behind.token },
      nginx: { url: `${nginx.url}/served/file.bin`, token: alone.token },
    }
    const figures: Record<string, number> = {}
    for (const [client, get] of Object.entries({ fetch: byFetch, connection: byConnection })) {
      const took: Record<string, number[]> = {}
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [name, { url, token }] of Object.entries(sources)) {
          const started = performance.now()
          const got = await get(url, token)
          if (got !== BYTES) throw new Error(`${name} gave ${got} of ${BYTES} bytes`)
          // The first rounds compile the code and fill the machine's cache.
          if (round >= ROUNDS / 4) took[name] = [...(took[name] ?? []), performance.now() - started]
        }
      }
      const nginxMs = medianOf(took.nginx)
      for (const name of Object.keys(sources)) {
        const ms = medianOf(took[name])
        figures[`${name}, by ${client}, MB/s`] = Math.round(BYTES / 1000 / ms)
        if (name !== 'nginx') figures[`${name}, by ${client}, share of nginx`] = Math.round((100 * nginxMs) / ms) / 100
      }
    }
    return figures
  } finally {
    await nginx.stop()
    await Promise.all([alone.stop(), behind.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

async function byFetch(url: string, token: string): Promise<number> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
  let bytes = 0
  for await (const chunk of response.body ?? []) bytes += chunk.length
  return bytes
}

/** Bytes of a body, read into one buffer again and again. */
function byConnection(url: string, token: string): Promise<number> {
  const { hostname, port, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    let length = 0
    let bytes = 0
    const take = (count: number, buffer: Uint8Array) => {
      if (length === 0) {
        const text = Buffer.from(buffer.buffer, 0, count).toString('latin1')
        length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN)
        bytes -= text.indexOf('\r\n\r\n') + 4
      }
      bytes += count
      if (bytes === length) socket.destroy()
      return true
    }
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer: Buffer.alloc(1 << 20), callback: take } })
    socket.once('close', () => resolve(bytes)).once('error', reject)
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`)
  })
}

const medianOf = (times: readonly number[] = []) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN
