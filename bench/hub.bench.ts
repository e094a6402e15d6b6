import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { candidates, type Opened } from './hub.candidates.ts'
import { measureDownload } from './hub.download.ts'
import { makeRows, numbers, scripts, wordIn, wordOf, writeRows } from './hub.rows.ts'
import { publishRows, startHub } from './hub.server.ts'
import type { Trial } from './main.ts'

const ROWS = Number(process.env.COLLOQUY_BENCH_ROWS ?? 20_000)
/** The rows are made once and published so often: a million rows without making a million. */
const COPIES = Number(process.env.COLLOQUY_BENCH_COPIES ?? 1)
const ALL = ROWS * COPIES
const CLIENTS = 16
const ASKS = 640

/** The hub over HTTP, in a process of its own, with 16 clients; a whole file beside nginx; and ways to search, each by itself. */
export const trials: Trial[] = [
  { name: `rows, search, filter, facets of ${ALL} conversations, ${CLIENTS} clients, PGlite, files in a folder`, run: measureHub },
  { name: 'download of a file of 256 MB beside nginx', run: measureDownload },
  ...candidates().map(({ name, build }) => ({
    name: `search by ${name}, ${ROWS} conversations, one client`,
    run: () => measureCandidate(build),
  })),
]

async function measureHub(): Promise<Record<string, number | string>> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-hub-'))
  const path = join(folder, 'rows.parquet')
  await writeRows(path, ROWS)
  const server = await startHub(join(folder, 'data'))
  try {
    const { dataset, indexSeconds } = await publishRows(server, path, COPIES)
    const next = numbers(7)
    const viewer = (what: string, query: Record<string, string | number>) => {
      const search = new URLSearchParams({ dataset, config: 'default', split: 'train' })
      for (const [name, value] of Object.entries(query)) search.set(name, String(value))
      return askLightly(`${server.url}/api/viewer/${what}?${search}`, server.token)
    }
    const word = () => wordIn(9, wordOf(next, 50_000))
    const before = server.usage().cpuSeconds
    const asked: Record<string, { p50: number; p95: number }> = {}
    for (const [name, one] of Object.entries({
      'rows (20 from anywhere)': () => viewer('rows', { offset: next(ALL), length: 20 }),
      'rows (100 from anywhere)': () => viewer('rows', { offset: next(ALL), length: 100 }),
      'search (one or two words)': () => viewer('search', { query: next(2) ? word() : `${word()} ${word()}`, length: 20 }),
      'search (most common word)': () => viewer('search', { query: 'word0', length: 20 }),
      'search (any script)': () => viewer('search', { query: wordIn(next(scripts.length), wordOf(next, 2000)), length: 20 }),
      filter: () =>
        viewer('filter', {
          where: `"model" = 'model-${next(20)}' and "turn" = ${1 + next(3)} and "openai_moderation.category_scores.hate" > 0.${next(10)}`,
          length: 20,
        }),
      'filter, ordered': () =>
        viewer('filter', { where: `"turn" > ${next(3)}`, orderby: '"conversation_id" desc', offset: next(1000), length: 20 }),
      facets: () => viewer('facets', { query: word() }),
    }))
      asked[name] = await timings(one)
    const cpuSeconds = server.usage().cpuSeconds - before
    return {
      'index rows/s': Math.round(ALL / indexSeconds),
      ...Object.fromEntries(
        Object.entries(asked).flatMap(([name, { p50, p95 }]) => [
          [`${name} p50 ms`, p50],
          [`${name} p95 ms`, p95],
        ]),
      ),
      'processor ms a question': Math.round((cpuSeconds * 1e4) / (Object.keys(asked).length * 2 * ASKS)) / 10,
      'server peak MiB': server.usage().peakMiB,
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureCandidate(
  build: (folder: string, rows: number, parquet: string) => Promise<Opened>,
): Promise<Record<string, number | string>> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-search-'))
  try {
    const parquet = join(folder, 'rows.parquet')
    await writeRows(parquet, ROWS)
    const [started, used] = [performance.now(), process.cpuUsage()]
    const index = await build(folder, ROWS, parquet)
    const buildSeconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(used)
    const next = numbers(7)
    const word = () => wordIn(9, wordOf(next, 50_000))
    const measured = async (count: number, one: () => Promise<unknown>) => {
      const took: number[] = []
      for (let n = 0; n < count; n += 1) took.push((await seconds(one)) * 1000)
      return spread(took)
    }
    const words = await measured(100, () => index.search(next(2) ? [word()] : [word(), word()]))
    const common = await measured(10, () => index.search(['word0']))
    const phrases = await measured(20, () => index.phrase(`word${next(20)} word${next(20)}`))
    const figures: Record<string, number | string> = {
      'build s': Math.round(buildSeconds * 10) / 10,
      'build processor s (this process)': Math.round((user + system) / 1e5) / 10,
      'size MB': Math.round(index.bytes / 1e6),
      'words p50 ms': words.p50,
      'words p95 ms': words.p95,
      'most common word p50 ms': common.p50,
      'phrase p50 ms': phrases.p50,
      'phrase p95 ms': phrases.p95,
    }
    for (const [name, share] of await foundShares(index)) figures[`found of ${name} words`] = share
    await index.close()
    return figures
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of the conversations that contain a word of a script, the share that a search for it finds, by the script's name; the mean of ten words. */
async function foundShares(index: Opened): Promise<[script: string, share: number][]> {
  const asked = scripts.map(({ name, glue }, script) => ({
    name,
    glue,
    words: Array.from({ length: 10 }, (_, n) => ({ word: wordIn(script, 3 + n * 37), holders: 0 })),
  }))
  for (const { conversation, language } of makeRows(ROWS)) {
    const script = asked.find(({ name }) => name === language)
    if (!script) continue
    const { glue, words } = script
    const text = conversation.map(({ content }) => `${glue}${content}${glue}`).join('\n')
    for (const one of words) if (text.includes(`${glue}${one.word}${glue}`)) one.holders += 1
  }
  const shares: [string, number][] = []
  for (const { name, words } of asked) {
    let share = 0
    for (const { word, holders } of words) share += Math.min(1, (await index.phrase(word)) / Math.max(1, holders))
    shares.push([name, Math.round((100 * share) / words.length) / 100])
  }
  return shares
}

/** Measures `ASKS` questions by all clients, after as many of the same kind: a server runs for weeks, and its code is compiled in its first minute. */
async function timings(ask: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  await askAll(ask)
  return spread(await askAll(ask))
}

/** Milliseconds that each of `ASKS` questions took. */
async function askAll(ask: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  let n = 0
  const client = async () => {
    while (n < ASKS) {
      n += 1
      took.push((await seconds(ask)) * 1000)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return took
}

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })

/** One question by Node's own client, which takes half of the processor time of `fetch`: the clients have the same two cores as the server. */
function askLightly(address: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(address, { agent, headers: { Authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${response.statusCode} of ${address}`))
      response.resume().once('end', resolve).once('error', reject)
    })
    request.once('error', reject)
  })
}

function spread(took: number[]): { p50: number; p95: number } {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95) }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
