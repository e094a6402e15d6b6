import { AppError } from '../../errors.ts'
import { resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, DatasetRow } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import { findHoldersAt, findRawHolders, type Wanted } from './search.ts'
import { decideTicket, openTicket } from './tickets.ts'

/**
 * Looks for deleted conversations in the hub's other datasets: sets that were derived from a release carry its ids. A request is filed on each that
 * holds one; where the same namespace owns it, the decision already holds for it, too.
 */
export async function followDerived(hub: Hub, source: Dataset, wanted: Wanted): Promise<void> {
  for (const dataset of await hub.database.select(DatasetRow, 'select * from datasets where id <> $1 order by id', [source.id])) {
    if (!(await holdsAny(hub, dataset, wanted))) continue
    const { id } = await openTicket(hub, dataset, {
      kind: 'conversation',
      subjects: [...wanted.conversations],
      reason: `Deleted from ${source.fullName}.`,
      requestedBy: 'hub',
    })
    if (dataset.namespace !== source.namespace) continue
    await decideTicket(hub, dataset, { id, status: 'accepted', note: `As decided for ${source.fullName}.`, actor: 'hub', isProven: false })
    hub.wake('deletions')
  }
}

async function holdsAny(hub: Hub, dataset: Dataset, wanted: Wanted): Promise<boolean> {
  try {
    const head = await resolveRevision(hub.database, dataset, 'main')
    const files = await findHoldersAt(hub, dataset, head.tree, wanted)
    return files.length > 0 || (await findRawHolders(hub, dataset, wanted)).length > 0
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // Somebody else's file that cannot be searched must not hold up what was decided here.
    hub.log.warn('deletion.unsearched', { code: error.code })
    return false
  }
}
