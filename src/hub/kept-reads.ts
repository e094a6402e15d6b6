import type { Hub } from './hub.ts'

/** What was read of the database, and when it stops being true without anything being changed: at the end of a token, say. */
export interface Reading<T> {
  value: T
  endsAt?: Date | undefined
}

/** Readings by what was asked, given again only while nothing in the database can have changed; with a database that others change, never. */
export interface KeptReads {
  get<T>(key: string, read: () => Promise<Reading<T>>): Promise<T>
}

const KEPT = 1000
const all = new WeakMap<Hub, KeptReads>()

/** The readings of a hub. Keys begin with a word for what is read; values are not to be changed. */
export function keptReads(hub: Hub): KeptReads {
  const known = all.get(hub) ?? openKeptReads(hub)
  all.set(hub, known)
  return known
}

function openKeptReads(hub: Hub): KeptReads {
  let readings = new Map<string, Reading<unknown> & { at: Date }>()
  let readAt: number | undefined
  return {
    async get<T>(key: string, read: () => Promise<Reading<T>>): Promise<T> {
      const changes = hub.database.changes()
      if (changes === undefined) return (await read()).value
      if (changes !== readAt || readings.size >= KEPT) readings = new Map()
      readAt = changes
      const at = hub.now()
      const known = readings.get(key)
      // Before it was read, where the clock was set back, something else may have been true.
      if (known && known.at <= at && !(known.endsAt && known.endsAt <= at)) return known.value as T
      const into = readings
      const reading = await read()
      into.set(key, { ...reading, at })
      return reading.value
    },
  }
}

/** The earliest of moments that may not be there. */
export function earliest(...moments: (Date | null | undefined)[]): Date | undefined {
  return moments.reduce<Date | undefined>((first, moment) => (moment && !(first && first <= moment) ? moment : first), undefined)
}
