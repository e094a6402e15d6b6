/** What the server's counts tell of one route and method. */
export interface RouteFigures {
  route: string
  count: number
  seconds: number
  failed: number
}

/** The server's counts, read from Prometheus's text form. `buckets`: answers up to `le` seconds (Infinity: the rest), not cumulative. */
export interface Metrics {
  requests: number
  failed: number
  refused: number
  memoryBytes: number
  buckets: { le: number; count: number }[]
  routes: RouteFigures[]
}

/** Reads `/api/metrics`. Lines that it does not know are left out. */
export function readMetrics(text: string): Metrics {
  const metrics: Metrics = { requests: 0, failed: 0, refused: 0, memoryBytes: 0, buckets: [], routes: [] }
  const upTo = new Map<number, number>()
  const routes = new Map<string, RouteFigures>()
  for (const line of text.split('\n')) {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)
    if (!match) continue
    const [, name, labels = '', number] = match
    const value = Number(number)
    if (name === 'process_resident_memory_bytes') metrics.memoryBytes = value
    if (!name?.startsWith('colloquy_request_seconds_')) continue
    const label = (key: string) => new RegExp(`(?:^|,)${key}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1]?.replace(/\\(.)/g, '$1') ?? ''
    const route = `${label('method')} ${label('route')}`
    const figures = routes.get(route) ?? { route, count: 0, seconds: 0, failed: 0 }
    routes.set(route, figures)
    if (name === 'colloquy_request_seconds_bucket') {
      const le = label('le') === '+Inf' ? Number.POSITIVE_INFINITY : Number(label('le'))
      upTo.set(le, (upTo.get(le) ?? 0) + value)
    } else if (name === 'colloquy_request_seconds_sum') figures.seconds += value
    else if (name === 'colloquy_request_seconds_count') {
      figures.count += value
      metrics.requests += value
      if (label('status') === '5xx') {
        figures.failed += value
        metrics.failed += value
      }
      if (label('status') === '4xx') metrics.refused += value
    }
  }
  const bounds = [...upTo].sort(([a], [b]) => a - b)
  metrics.buckets = bounds.map(([le, count], index) => ({ le, count: count - (bounds[index - 1]?.[1] ?? 0) }))
  metrics.routes = [...routes.values()].sort((a, b) => b.count - a.count)
  return metrics
}

/** The bound in seconds under which a share of all answers stayed; undefined where nothing was answered. */
export function quantile({ buckets, requests }: Metrics, share: number): number | undefined {
  let seen = 0
  for (const { le, count } of buckets) {
    seen += count
    if (requests > 0 && seen >= share * requests) return le
  }
  return undefined
}
