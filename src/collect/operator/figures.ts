import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Site } from '../site.ts'
import type { Sums } from './meters.ts'

/** What the operator's page shows; see `Figures` in docs/collect.md. `people`: with a recorded, current or older consent. */
export async function readFigures(site: Site, minutes: number) {
  const { database, meters, models, terms } = site
  const sums = meters.since(minutes)
  const consent = await database.select(
    z.object({ version: z.string(), people: z.number() }),
    'select terms as version, count(*) as people from collect_acceptances group by terms order by max(accepted_at) desc limit 100',
  )
  const counted = async (sql: string) => (await database.select(z.object({ count: z.number() }), sql))[0]?.count ?? 0
  return {
    since: new Date(site.now().getTime() - minutes * 60_000).toISOString(),
    minutes,
    people: await counted('select count(*) from collect_people where withdrawn_at is null'),
    streams: meters.streams(),
    turns: { total: sums.turns, perMinute: sums.perMinute },
    models: models.all.map((model) => ({
      name: model.config.name,
      status: model.status(),
      active: model.active(),
      ...modelFigures(sums, model.config.name),
    })),
    errors: countsOf(sums, 'error:'),
    refusals: countsOf(sums, 'refusal:'),
    votes: {
      total: [...winners].reduce((sum, winner) => sum + (sums.counts.get(`vote:${winner}`) ?? 0), 0),
      counted: sums.counts.get('counted') ?? 0,
      byWinner: Object.fromEntries(winners.map((winner) => [winner, sums.counts.get(`vote:${winner}`) ?? 0])),
    },
    moderation: {
      blocked: sums.counts.get('moderation:blocked') ?? 0,
      warned: sums.counts.get('moderation:warned') ?? 0,
      covered: sums.counts.get('moderation:covered') ?? 0,
    },
    bots: countsOf(sums, 'bot:'),
    log: { ...(await measureLog(site.logFolder)), writable: await site.eventLog.isWritable() },
    consent: consent.map((row) => ({ ...row, isCurrent: row.version === terms.version })),
    withdrawals: await counted('select count(*) from collect_people where withdrawn_at is not null'),
    reports: { open: await counted('select count(*) from collect_reports where closed_at is null') },
  }
}

const winners = ['left', 'right', 'tie', 'both-bad'] as const

/** Counts under a prefix, by what follows it. */
export function countsOf({ counts }: Sums, prefix: string): Record<string, number> {
  return Object.fromEntries([...counts].flatMap(([name, count]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), count]] : [])))
}

function modelFigures({ models }: Sums, name: string) {
  const sums = models.get(name)
  const times = [...(sums?.firstTokenMs ?? [])].sort((a, b) => a - b)
  const speeds = [...(sums?.speeds ?? [])].sort((a, b) => a - b)
  return {
    turns: sums?.turns ?? 0,
    errors: sums?.errors ?? 0,
    firstTokenMs: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    tokensPerSecond: percentile(speeds, 0.5),
  }
}

/** The value that a share of the sorted values do not exceed; null of none. */
export const percentile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? null

/** Files and bytes of the event log, of all servers. */
async function measureLog(folder: string): Promise<{ files: number; bytes: number }> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('-conv.json'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return { files: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}
