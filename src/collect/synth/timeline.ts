import { LAST_DAY } from './models.ts'
import { streamOf } from './plan.ts'

const HOUR = 3600
const end = Date.parse(LAST_DAY) / 1000 + 24 * HOUR

/**
 * Starts of visits in order over the last so many days of the collection, in seconds since 1970: days rise and fall as a site's do, nights are quiet. One number at a time, so that memory
 * does not grow with their count.
 */
export function* createTimeline({ visits, days }: { visits: number; days: number }, seed: number): Generator<number> {
  const random = streamOf(seed, 'time', 0)
  const hours = days * 24
  const first = end - hours * HOUR
  const ends: number[] = []
  let sum = 0
  for (let hour = 0; hour < hours; hour++) {
    const day = Math.floor(hour / 24)
    const news = 1 + 0.5 * Math.sin(day / 9) + (day % 31 === 3 ? 1.2 : 0)
    const daytime = 1 + 0.55 * Math.sin(((hour % 24) - 9) * (Math.PI / 12))
    sum += Math.max(0.2, news) * daytime * (0.85 + 0.3 * random.next())
    ends.push(sum)
  }
  let share = 0
  let hour = 0
  for (let left = visits; left > 0; left--) {
    // The least of `left` numbers that are spread evenly over what remains.
    share += (1 - share) * (1 - random.next() ** (1 / left))
    const at = share * sum
    while (hour < ends.length - 1 && (ends[hour] ?? 0) < at) hour++
    const low = hour === 0 ? 0 : (ends[hour - 1] ?? 0)
    const inside = Math.min(1, Math.max(0, (at - low) / ((ends[hour] ?? 1) - low)))
    yield first + (hour + inside) * HOUR
  }
}
