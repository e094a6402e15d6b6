import { openPool } from '../engine/pool.ts'
import type { HubTools } from '../hub/hub.ts'
import { type WithoutInput, type WithoutReport, withoutTask } from '../release/without.ts'

/** What other stages do for the hub. Rewriting a release runs in a thread of its own, so that the hub keeps answering. */
export function hubTools(): HubTools {
  return {
    async releaseWithout(given) {
      const pool = openPool(1)
      try {
        return await pool.run<WithoutInput, WithoutReport>(withoutTask, 'release', given)
      } finally {
        await pool.close()
      }
    },
  }
}
