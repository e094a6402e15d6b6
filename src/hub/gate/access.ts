import { z } from 'zod'
import type { Viewer } from '../accounts/viewer.ts'
import type { Dataset } from '../datasets/store.ts'
import { HubError, loginRequired, notAllowed, repoNotFound } from '../errors.ts'
import type { Hub } from '../hub.ts'

/**
 * What a route wants of a dataset.
 * `listing`: that it exists, its card's head, names and sizes of files. `release`: its bytes and rows, and whatever is made of them.
 * `raw`: the raw data beside it. `write`: commits and settings. `steward`: requests, grants, deletions, its ledger.
 */
export type Right = 'listing' | 'release' | 'raw' | 'write' | 'steward'

/** Why a viewer has not got a right. */
export type Refusal =
  | 'hidden'
  | 'anonymous'
  | 'ungranted'
  | 'pending'
  | 'rejected'
  | 'revoked'
  | 'expired'
  | 'terms-changed'
  | 'wrong-scope'
  | 'not-staff'

/** Whether a viewer has a right, and by what or why not. */
export type Decision = { isAllowed: true; via: 'public' | 'grant' | 'staff' } | { isAllowed: false; refusal: Refusal }

const Standing = z.object({
  status: z.enum(['pending', 'accepted', 'rejected', 'revoked']),
  expires_at: z.date().nullable(),
  terms_version: z.number(),
  required_version: z.number().nullable(),
})

/** The one access function: every file, row, hit and figure of a dataset passes it. */
export async function decide(hub: Hub, viewer: Viewer, dataset: Dataset, right: Right): Promise<Decision> {
  const staff = await staffRole(hub, viewer, dataset)
  if (!tokenAllows(viewer, dataset, right)) return refuse(dataset.isPrivate && !staff ? 'hidden' : 'wrong-scope')
  if (staff === 'owner' || (staff === 'steward' && right !== 'write')) return { isAllowed: true, via: 'staff' }
  if (right === 'write' || right === 'steward')
    return refuse(dataset.isPrivate && !staff ? 'hidden' : viewer.kind === 'anonymous' ? 'anonymous' : 'not-staff')
  if (dataset.isPrivate) return refuse('hidden')
  if (right === 'listing') return { isAllowed: true, via: 'public' }
  if (right === 'release' && dataset.gated === 'false') return { isAllowed: true, via: 'public' }
  return decideGrant(hub, viewer, dataset, right)
}

/**
 * Lets the viewer pass or throws what the protocol says of the refusal.
 * @throws HubError 401/404 `RepoNotFound`, 401/403 `GatedRepo`, 401 `LoginRequired`, 403 `Forbidden`.
 */
export async function demand(hub: Hub, viewer: Viewer, dataset: Dataset, right: Right, origin: string): Promise<void> {
  const decision = await decide(hub, viewer, dataset, right)
  if (!decision.isAllowed) throw refusalError(viewer, dataset, decision.refusal, origin)
}

/** True where the viewer decides on a dataset's requests. */
export async function staffRole(hub: Hub, viewer: Viewer, dataset: Pick<Dataset, 'namespace'>): Promise<'owner' | 'steward' | undefined> {
  if (viewer.kind === 'anonymous') return undefined
  const { user } = viewer
  if (user.role === 'admin' || user.name === dataset.namespace) return 'owner'
  const [member] = await hub.database.select(
    z.object({ role: z.enum(['steward', 'owner']) }),
    'select role from members where namespace = $1 and user_id = $2',
    [dataset.namespace, user.id],
  )
  if (member?.role === 'owner' || user.role === 'owner') return 'owner'
  return member?.role ?? (user.role === 'steward' ? 'steward' : undefined)
}

function tokenAllows(viewer: Viewer, dataset: Dataset, right: Right): boolean {
  if (viewer.kind === 'anonymous' || !viewer.token) return true
  const { role, scopes } = viewer.token
  const isReading = right === 'listing' || right === 'release' || right === 'raw'
  if (role === 'write') return true
  if (role === 'read') return isReading || right === 'steward'
  // Being listed is public knowledge, so a fine-grained token need not name every dataset that it can see.
  if (right === 'listing' && !dataset.isPrivate) return true
  const scope = scopes.find((one) => one.dataset.toLowerCase() === dataset.fullName.toLowerCase())
  return scope !== undefined && (scope.permissions.includes('write') || (isReading && scope.permissions.includes('read')))
}

async function decideGrant(hub: Hub, viewer: Viewer, dataset: Dataset, level: 'release' | 'raw'): Promise<Decision> {
  if (viewer.kind === 'anonymous') return refuse('anonymous')
  const at = hub.now()
  const [standing] = await hub.database.select(
    Standing,
    `select status, expires_at, terms_version,
       (select max(version) from terms where dataset_id = $1 and level = $3 and reconsent_by <= $4) as required_version
     from requests where dataset_id = $1 and user_id = $2 and level = $3`,
    [dataset.id, viewer.user.id, level, at],
  )
  if (!standing) return refuse('ungranted')
  if (standing.status !== 'accepted') return refuse(standing.status)
  if (standing.expires_at && standing.expires_at <= at) return refuse('expired')
  if (standing.required_version !== null && standing.terms_version < standing.required_version) return refuse('terms-changed')
  return { isAllowed: true, via: 'grant' }
}

const refuse = (refusal: Refusal): Decision => ({ isAllowed: false, refusal })

function refusalError(viewer: Viewer, dataset: Dataset, refusal: Refusal, origin: string): HubError {
  const isSignedIn = viewer.kind === 'user'
  if (refusal === 'hidden') return repoNotFound(isSignedIn)
  if (refusal === 'not-staff')
    return notAllowed(`Dataset ${dataset.fullName} is not yours to change or to decide on. Ask one of its owners.`)
  if (refusal === 'wrong-scope')
    return notAllowed(`This token does not cover dataset ${dataset.fullName}. Use one whose role or scopes do.`)
  if (refusal === 'anonymous' && dataset.gated === 'false') return loginRequired()
  return gatedError(dataset, refusal, origin)
}

function gatedError(dataset: Dataset, refusal: Refusal, origin: string): HubError {
  const name = dataset.fullName
  if (refusal === 'anonymous') {
    return new HubError(
      401,
      'GatedRepo',
      `Access to dataset ${name} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
      { 'WWW-Authenticate': 'Bearer' },
    )
  }
  const page = `${origin}/datasets/${name}`
  const words: Partial<Record<Refusal, string>> = {
    pending: `Your request to access dataset ${name} is awaiting a review from the repo's authors.`,
    rejected: `Your request to access dataset ${name} has been rejected by the repo's authors.`,
    revoked: `Access to dataset ${name} is restricted and you are not in the authorized list. Your access was revoked by the repo's authors.`,
    expired: `Access to dataset ${name} is restricted and you are not in the authorized list. Your access has expired. Visit ${page} to ask again.`,
    'terms-changed': `Access to dataset ${name} is restricted and you are not in the authorized list. Its terms have changed. Visit ${page} to agree to them.`,
  }
  const message =
    words[refusal] ?? `Access to dataset ${name} is restricted and you are not in the authorized list. Visit ${page} to ask for access.`
  return new HubError(403, 'GatedRepo', message)
}
