import type { Queries } from '../../storage/database.ts'
import { findWithdrawals } from './content.ts'
import { listRefs, type Ref } from './revisions.ts'
import type { Dataset } from './store.ts'

/** A dataset's branches, tags and withdrawals as they were at a generation of it. */
interface Known {
  generation: number
  refs?: Ref[]
  withdrawals?: ReadonlyMap<string, string>
}

/** The last datasets asked for. The dataset's row counts every change of these by any server, so that what is kept is never staler than the row. */
const kept = new Map<string, Known>()
const KEPT = 500

/** A dataset's branches and tags, as new as the row of `dataset`: for requests that read it themselves and change nothing. */
export async function knownRefs(queries: Queries, dataset: Dataset): Promise<Ref[]> {
  const known = knownOf(dataset)
  known.refs ??= await listRefs(queries, dataset)
  return known.refs
}

/** Reasons of a dataset's withdrawals by SHA-256, as new as the row of `dataset`. */
export async function knownWithdrawals(queries: Queries, dataset: Dataset): Promise<ReadonlyMap<string, string>> {
  const known = knownOf(dataset)
  known.withdrawals ??= await findWithdrawals(queries, dataset)
  return known.withdrawals
}

function knownOf({ id, generation }: Dataset): Known {
  const known = kept.get(id)
  if (known?.generation === generation) return known
  if (kept.size >= KEPT) for (const first of kept.keys()) if (kept.delete(first)) break
  const fresh = { generation }
  kept.set(id, fresh)
  return fresh
}
