import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Conversation } from '../src/conversation.ts'
import { createDuplicateLabeller } from '../src/curate/duplicates/group.ts'
import { openPool } from '../src/engine/pool.ts'
import { textLog } from '../src/log.ts'
import { mulberry } from '../src/mulberry.ts'
import { conversationColumns, toConversationRow } from '../src/storage/conversations.ts'
import { createParquet } from '../src/storage/parquet.ts'

/** Conversations that the trials sign and group; COLLOQUY_BENCH_CONVERSATIONS sets another number. */
const total = Number(process.env.COLLOQUY_BENCH_CONVERSATIONS ?? 100_000)
const perShard = 20_000

/** Signing and grouping, in LMSYS-Chat-1M's proportions: 2 turns, 70-token prompts, 215-token answers; a third of the traffic repeated, near copies or templated. */
export const trials: { name: string; run(): Promise<Record<string, number | string>> }[] = [
  {
    name: 'duplicates: sign and group',
    async run() {
      const work = mkdtempSync(join(tmpdir(), 'duplicates-'))
      const folders = { conversations: join(work, 'c'), signatures: join(work, 's'), out: join(work, 'd'), temp: join(work, 't') }
      for (const folder of Object.values(folders)) mkdirSync(folder)
      try {
        const shards = await generate(folders.conversations)
        const bytes = shards.reduce((sum, shard) => sum + statSync(join(folders.conversations, `${shard}.parquet`)).size, 0)
        const peak = watchMemory()
        const started = performance.now()
        const startCpu = process.cpuUsage()
        const pool = openPool(2)
        const task = { module: new URL('../dist/curate/duplicates/sign.js', import.meta.url).href, task: 'signShard' }
        const rows = await Promise.all(
          shards.map((shard) =>
            pool.run<{ from: string; to: string }, number>(task, shard, {
              from: join(folders.conversations, `${shard}.parquet`),
              to: join(folders.signatures, `${shard}.parquet`),
            }),
          ),
        )
        await pool.close()
        const signed = performance.now()
        const signCpu = process.cpuUsage(startCpu)
        const log = textLog((line) => void process.stderr.write(`${Math.round(seconds(process.cpuUsage(startCpu)))} core-seconds: ${line}`))
        await createDuplicateLabeller().run({
          conversations: folders.conversations,
          shards,
          folders: { signatures: folders.signatures },
          out: folders.out,
          temp: folders.temp,
          jobs: 2,
          memoryMiB: 1024,
          log,
        })
        const grouped = performance.now()
        const allCpu = process.cpuUsage(startCpu)
        return {
          conversations: rows.reduce((sum, count) => sum + count, 0),
          megabytes: Math.round(bytes / 1e6),
          signSeconds: (signed - started) / 1000,
          groupSeconds: (grouped - signed) / 1000,
          signCoreSeconds: seconds(signCpu),
          groupCoreSeconds: seconds(allCpu) - seconds(signCpu),
          perSecond: Math.round((total / (grouped - started)) * 1000),
          peakMiB: peak(),
        }
      } finally {
        rmSync(work, { recursive: true })
      }
    },
  },
]

const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6

function watchMemory(): () => number {
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 50)
  return () => {
    clearInterval(timer)
    return Math.round(most / 2 ** 20)
  }
}

async function generate(folder: string): Promise<string[]> {
  const random = mulberry(7)
  const words = Array.from({ length: 30_000 }, () => randomWord(random))
  const word = () => words[Math.floor(words.length * random() ** 3)] ?? ''
  const sentence = (length: number) => Array.from({ length }, word).join(' ')
  // Log-normal lengths: median 20 words, mean 50.
  const prompt = () => sentence(Math.max(2, Math.min(2000, Math.round(20 * Math.exp(1.35 * gauss(random))))))
  const stems = Array.from({ length: 200 }, () => sentence(4 + Math.floor(random() * 8)))
  const old: string[] = []
  const next = (): string => {
    const kind = random()
    const from = old[Math.floor(old.length * random() ** 2)]
    if (kind < 0.15 && from) return from
    if (kind < 0.25 && from) return edit(from, random, word)
    if (kind < 0.35) return `${stems[Math.floor(stems.length * random() ** 3)]} ${sentence(1 + Math.floor(random() * 4))}`
    const fresh = prompt()
    if (old.length < 50_000) old.push(fresh)
    else old[Math.floor(random() * old.length)] = fresh
    return fresh
  }
  const shards: string[] = []
  for (let done = 0; done < total; done += perShard) {
    const shard = String(shards.length).padStart(5, '0')
    const file = await createParquet(join(folder, `${shard}.parquet`), conversationColumns)
    for (let index = done; index < Math.min(total, done + perShard); index++) {
      const turns = random() < 0.55 ? 1 : 1 + Math.ceil(-Math.log(random()) * 2)
      const messages: Conversation['messages'] = []
      for (let turn = 0; turn < Math.min(turns, 12); turn++) {
        messages.push({ role: 'user', content: next() }, { role: 'assistant', content: sentence(150) })
      }
      const startedAt = new Date(Date.UTC(2023, 3, 1) + index * 10_000).toISOString()
      const id = index.toString(16).padStart(32, '0')
      file.write([
        toConversationRow({
          id,
          model: 'm',
          messages,
          turns,
          startedAt,
          user: String(index % 200_000),
          source: { file: 'bench', line: index + 1 },
        }),
      ])
    }
    file.close()
    shards.push(shard)
  }
  return shards
}

function edit(text: string, random: () => number, word: () => string): string {
  const words = text.split(' ')
  for (let count = Math.ceil(words.length / 20); count > 0; count--) words[Math.floor(random() * words.length)] = word()
  return random() < 0.3 ? `${words.join(' ')}!` : words.join(' ')
}

function randomWord(random: () => number): string {
  let word = ''
  for (let length = 2 + Math.floor(random() * 8); length > 0; length--) word += 'etaoinshrdlucmfwygpbvk'[Math.floor(22 * random() ** 2)]
  return word
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random())
}
