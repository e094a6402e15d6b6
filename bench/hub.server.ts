import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../test/storage/postgres.server.ts'

/** A hub in a process of its own, as users run it. */
export interface BenchServer {
  url: string
  token: string
  /** Most memory that it had (MiB), and processor seconds so far, of the server alone. */
  usage(): { peakMiB: number; cpuSeconds: number }
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** Starts `colloquy serve` on a folder. */
export async function startHub(folder: string, settings: readonly string[] = []): Promise<BenchServer> {
  const port = await freePort()
  const tokenFile = join(folder, 'admin-token')
  const child = spawn(
    process.execPath,
    [
      join(root, 'dist/cli/main.js'),
      'serve',
      '--data',
      folder,
      '--port',
      String(port),
      '--admin-token-file',
      tokenFile,
      '--json',
      ...settings,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const url = `http://127.0.0.1:${port}`
  await until(async () => existsSync(tokenFile) && (await fetch(`${url}/api/health`)).ok)
  return { url, token: readFileSync(tokenFile, 'utf8').trim(), usage: () => usageOf(child), stop: () => stop(child) }
}

/** Publishes one Parquet file, `copies` times side by side, as a dataset of the administrator's, and waits for its index. Gives the seconds that took. */
export async function publishRows(server: BenchServer, path: string, copies = 1): Promise<{ dataset: string; indexSeconds: number }> {
  const { url, token } = server
  const names = Array.from(
    { length: copies },
    (_, n) => `data/train-${String(n).padStart(5, '0')}-of-${String(copies).padStart(5, '0')}.parquet`,
  )
  const started = performance.now()
  const { dataset } = await publishFile(server, path, names)
  await until(async () => {
    const response = await fetch(`${url}/api/viewer/status?dataset=${dataset}`, { headers: { Authorization: `Bearer ${token}` } })
    const status = (await response.json()) as { splits: { state: string }[] }
    return status.splits[0]?.state === 'ready'
  })
  return { dataset, indexSeconds: (performance.now() - started) / 1000 }
}

/** Publishes one file under one or more names as a dataset of the administrator's. Gives the address of the first. */
export async function publishFile(
  { url, token }: BenchServer,
  path: string,
  names: readonly string[],
): Promise<{ dataset: string; file: string }> {
  const bytes = readFileSync(path)
  const oid = createHash('sha256').update(bytes).digest('hex')
  const headers = { Authorization: `Bearer ${token}` }
  const post = async (address: string, body: string): Promise<unknown> => {
    const response = await fetch(`${url}${address}`, { method: 'POST', body, headers })
    if (!response.ok) throw new Error(await response.text())
    return response.json()
  }
  const { name: owner } = (await (await fetch(`${url}/api/whoami-v2`, { headers })).json()) as { name: string }
  await post('/api/repos/create', JSON.stringify({ name: 'bench', type: 'dataset' }))
  const batch = JSON.stringify({ operation: 'upload', objects: [{ oid, size: bytes.length }] })
  const answer = (await post(`/datasets/${owner}/bench.git/info/lfs/objects/batch`, batch)) as {
    objects: [{ actions: { upload: { href: string } } }]
  }
  await fetch(answer.objects[0].actions.upload.href, { method: 'PUT', body: bytes })
  const lines = names.map((name) => JSON.stringify({ key: 'lfsFile', value: { path: name, algo: 'sha256', oid, size: bytes.length } }))
  await post(`/api/datasets/${owner}/bench/commit/main`, lines.join('\n'))
  return { dataset: `${owner}/bench`, file: `${url}/datasets/${owner}/bench/resolve/main/${names[0]}` }
}

function usageOf({ pid }: ChildProcess): { peakMiB: number; cpuSeconds: number } {
  if (process.platform !== 'linux') return { peakMiB: Number.NaN, cpuSeconds: Number.NaN }
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return { peakMiB: Math.round(Number(peak) / 1024), cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticks }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await isSo().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
