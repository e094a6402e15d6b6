/** At most so many bars are drawn. */
const MOST = 60

/** Puts the days or months without a download between those with one, so that time runs evenly: the last 60 up to the last one, at least 12. */
export function fillPeriods<T extends { period: string; downloads: number | null }>(
  found: readonly T[],
  by: 'day' | 'month',
): { period: string; downloads: number | null }[] {
  const last = found.at(-1)?.period
  const first = found[0]?.period
  if (!last || !first) return []
  const known = new Map(found.map((one) => [one.period, one.downloads]))
  const filled: { period: string; downloads: number | null }[] = []
  for (let period = last; filled.length < MOST && (period >= first || filled.length < 12); period = before(period, by))
    filled.unshift({ period, downloads: known.get(period) ?? (known.has(period) ? null : 0) })
  return filled
}

function before(period: string, by: 'day' | 'month'): string {
  const date = new Date(by === 'day' ? `${period}T00:00:00Z` : `${period}-01T00:00:00Z`)
  if (by === 'day') date.setUTCDate(date.getUTCDate() - 1)
  else date.setUTCMonth(date.getUTCMonth() - 1)
  return date.toISOString().slice(0, by === 'day' ? 10 : 7)
}
