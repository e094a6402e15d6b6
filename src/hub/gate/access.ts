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

/** A person's request for access as the gate reads it, from a row of `requests`. */
export const GrantRow = z
  .object({
    status: z.enum(['pending', 'accepted', 'rejected', 'revoked']),
    expires_at: z.coerce.date().nullable(),
    terms_version: z.number(),
  })
  .transform(({ status, expires_at, terms_version }) => ({ status, expiresAt: expires_at, termsVersion: terms_version }))

/** How an account stands to a dataset: its role in the namespace, its request for a level of access, and the version of the terms that must be agreed to. */
export interface Standing {
  member?: 'steward' | 'owner'
  grant?: z.infer<typeof GrantRow> & { requiredVersion: number | null }
}

/** The one access function: every file, row, hit and figure of a dataset passes it. `standing` must have been read for this request. */
export function judge(asked: { viewer: Viewer; dataset: Dataset; standing: Standing; at: Date }, right: Right): Decision {
  const { viewer, dataset, standing } = asked
  const staff = staffOf(viewer, dataset, standing.member)
  if (!tokenAllows(viewer, dataset, right)) return refuse(dataset.isPrivate && !staff ? 'hidden' : 'wrong-scope')
  if (staff === 'owner' || (staff === 'steward' && right !== 'write')) return { isAllowed: true, via: 'staff' }
  if (right === 'write' || right === 'steward')
    return refuse(dataset.isPrivate && !staff ? 'hidden' : viewer.kind === 'anonymous' ? 'anonymous' : 'not-staff')
  if (dataset.isPrivate) return refuse('hidden')
  if (right === 'listing') return { isAllowed: true, via: 'public' }
  if (right === 'release' && dataset.gated === 'false') return { isAllowed: true, via: 'public' }
  return viewer.kind === 'anonymous' ? refuse('anonymous') : judgeGrant(standing.grant, asked.at)
}

/** The access function for a dataset that the request does not name: reads how the viewer stands to it. */
export async function decide(hub: Hub, viewer: Viewer, dataset: Dataset, right: Right): Promise<Decision> {
  const at = hub.now()
  const standing = viewer.kind === 'anonymous' ? {} : await readStanding(hub, viewer.user.id, dataset, levelOf(right), at)
  return judge({ viewer, dataset, standing, at }, right)
}

/** The level of access that a right is about. */
export const levelOf = (right: Right): 'release' | 'raw' => (right === 'raw' ? 'raw' : 'release')

/**
 * Lets the viewer pass or throws what the protocol says of the refusal.
 * @throws HubError 401/404 `RepoNotFound`, 401/403 `GatedRepo`, 401 `LoginRequired`, 403 `Forbidden`.
 */
export async function demand(hub: Hub, viewer: Viewer, dataset: Dataset, right: Right, origin: string): Promise<void> {
  pass(await decide(hub, viewer, dataset, right), viewer, dataset, origin)
}

/** The same for a decision that was made. */
export function pass(decision: Decision, viewer: Viewer, dataset: Dataset, origin: string): void {
  if (!decision.isAllowed) throw refusalError(viewer, dataset, decision.refusal, origin)
}

/** The viewer's role over a namespace. */
export async function staffRole(hub: Hub, viewer: Viewer, of: Pick<Dataset, 'namespace'>): Promise<'owner' | 'steward' | undefined> {
  if (viewer.kind === 'anonymous') return undefined
  const [member] = await hub.database.select(Member, 'select role from members where namespace = $1 and user_id = $2', [
    of.namespace,
    viewer.user.id,
  ])
  return staffOf(viewer, of, member?.role)
}

const Member = z.object({ role: z.enum(['steward', 'owner']) })

function staffOf(viewer: Viewer, { namespace }: Pick<Dataset, 'namespace'>, member: Standing['member']): 'owner' | 'steward' | undefined {
  if (viewer.kind === 'anonymous') return undefined
  const { name, role } = viewer.user
  if (role === 'admin' || name === namespace || member === 'owner' || role === 'owner') return 'owner'
  return member ?? (role === 'steward' ? 'steward' : undefined)
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

/** How an account stands to a dataset, as statements give it. */
export const StandingRow = z.object({
  member: Member.shape.role.nullable(),
  request: GrantRow.nullable(),
  required_version: z.number().nullable(),
})

async function readStanding(hub: Hub, userId: string, dataset: Dataset, level: 'release' | 'raw', at: Date): Promise<Standing> {
  const sql = `select (select role from members where namespace = $1 and user_id = $2) as member,
      (select to_jsonb(requests) from requests where dataset_id = $3 and user_id = $2 and level = $4) as request,
      (select max(version) from terms where dataset_id = $3 and level = $4 and reconsent_by <= $5) as required_version`
  const [row] = await hub.database.select(StandingRow, sql, [dataset.namespace, userId, dataset.id, level, at])
  return standingOf(row ?? { member: null, request: null, required_version: null })
}

/** A standing from what statements give. */
export function standingOf({ member, request, required_version }: z.infer<typeof StandingRow>): Standing {
  return { ...(member ? { member } : {}), ...(request ? { grant: { ...request, requiredVersion: required_version } } : {}) }
}

function judgeGrant(grant: Standing['grant'], at: Date): Decision {
  if (!grant) return refuse('ungranted')
  if (grant.status !== 'accepted') return refuse(grant.status)
  if (grant.expiresAt && grant.expiresAt <= at) return refuse('expired')
  if (grant.requiredVersion !== null && grant.termsVersion < grant.requiredVersion) return refuse('terms-changed')
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
