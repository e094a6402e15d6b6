import type { Hub } from '../hub.ts'

/** Downloads by dataset that are not written yet, while a write is under way. */
const waiting = new WeakMap<Hub, Map<string, number>>()

/** Counts a download of a dataset (`namespace/name`), behind the answer and together with others: the ledger has each of them, and a kill loses only the sum. */
export function countDownload(hub: Hub, dataset: string): void {
  const counts = waiting.get(hub)
  if (counts) counts.set(dataset, (counts.get(dataset) ?? 0) + 1)
  else {
    waiting.set(hub, new Map([[dataset, 1]]))
    void write(hub)
  }
}

async function write(hub: Hub): Promise<void> {
  try {
    for (let counts = waiting.get(hub); counts && counts.size > 0; counts = waiting.get(hub)) {
      waiting.set(hub, new Map())
      await hub.database.change(
        `update datasets set downloads = downloads + counted.times
         from jsonb_to_recordset($1::jsonb) as counted (namespace text, name text, times bigint)
         where lower(datasets.namespace) = lower(counted.namespace) and lower(datasets.name) = lower(counted.name)`,
        [JSON.stringify([...counts].map(([dataset, times]) => ({ namespace: dataset.split('/')[0], name: dataset.split('/')[1], times })))],
      )
    }
  } catch {
    hub.log.warn('hub.downloads-not-counted')
  } finally {
    waiting.delete(hub)
  }
}
