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
    const head = await resolveRevision(hub.database, dataset, 'main')
    const holds = [...(await findHoldersAt(hub, dataset, head.tree, wanted)), ...(await findRawHolders(hub, dataset, wanted))]
    if (holds.length === 0) continue
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
