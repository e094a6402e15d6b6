import type { Hub } from '../hub.ts'

/** Upper bounds of the histogram's buckets, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

interface Series {
  counts: number[]
  sum: number
  total: number
}

const seriesOf = new WeakMap<Hub, Map<string, Series>>()

/** Counts one answered request. Labels are the route's pattern, method and status class: no name, no address. */
export function countRequest(hub: Hub, facts: { route: string; method: string; status: number; seconds: number }): void {
  const all = seriesOf.get(hub) ?? new Map<string, Series>()
  seriesOf.set(hub, all)
  const label = `route="${facts.route.replace(/[\\"]/g, '\\$&')}",method="${facts.method}",status="${Math.floor(facts.status / 100)}xx"`
  const series = all.get(label) ?? { counts: bounds.map(() => 0), sum: 0, total: 0 }
  for (const [index, bound] of bounds.entries()) if (facts.seconds <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1
  series.sum += facts.seconds
  series.total += 1
  all.set(label, series)
}

/** The counts in Prometheus's text form. */
export function printMetrics(hub: Hub): string {
  const lines = ['# TYPE colloquy_request_seconds histogram']
  for (const [label, { counts, sum, total }] of seriesOf.get(hub) ?? []) {
    for (const [index, bound] of bounds.entries())
      lines.push(`colloquy_request_seconds_bucket{${label},le="${bound}"} ${counts[index] ?? 0}`)
    lines.push(`colloquy_request_seconds_bucket{${label},le="+Inf"} ${total}`)
    lines.push(`colloquy_request_seconds_sum{${label}} ${sum}`, `colloquy_request_seconds_count{${label}} ${total}`)
  }
  lines.push('# TYPE process_resident_memory_bytes gauge', `process_resident_memory_bytes ${process.memoryUsage().rss}`)
  return `${lines.join('\n')}\n`
}
