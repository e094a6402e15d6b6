import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import type { User } from '../accounts/users.ts'
import type { FormField } from '../datasets/card.ts'
import type { Dataset } from '../datasets/store.ts'
import { badRequest, HubError, notAllowed } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { notifyPerson, notifyStaff } from '../notices/notify.ts'
import { accessDecided, accessRequested } from '../notices/words.ts'
import { currentTerms, type Level, type Terms } from './terms.ts'

/** Where a request for access stands. `revoked` ends an accepted one for good, until a steward grants again. */
export type Status = 'pending' | 'accepted' | 'rejected' | 'revoked'

/** A person's request for one level of a dataset, with what they filled in. */
export interface AccessRequest {
  id: string
  user: { id: string; name: string; fullname: string; email: string }
  status: Status
  fields: Record<string, string | boolean>
  termsVersion: number
  isByHand: boolean
  reason: string | null
  requestedAt: Date
  decidedAt: Date | null
  decidedBy: string | null
  expiresAt: Date | null
}

const RequestRow: z.ZodType<AccessRequest> = z
  .object({
    id: z.string(),
    user_id: z.string(),
    user_name: z.string(),
    fullname: z.string(),
    email: z.string(),
    status: z.enum(['pending', 'accepted', 'rejected', 'revoked']),
    fields: z.record(z.string(), z.union([z.string(), z.boolean()])),
    terms_version: z.number(),
    by_hand: z.boolean(),
    reason: z.string().nullable(),
    requested_at: z.date(),
    decided_at: z.date().nullable(),
    decided_by: z.string().nullable(),
    expires_at: z.date().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    user: { id: row.user_id, name: row.user_name, fullname: row.fullname, email: row.email },
    status: row.status,
    fields: row.fields,
    termsVersion: row.terms_version,
    isByHand: row.by_hand,
    reason: row.reason,
    requestedAt: row.requested_at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    expiresAt: row.expires_at,
  }))

const requestSql = `select requests.*, users.name as user_name, users.fullname, users.email
  from requests join users on users.id = requests.user_id where requests.dataset_id = $1 and requests.level = $2`

/** A person's own request, if they ever asked. */
export async function findRequest(queries: Queries, dataset: Dataset, level: Level, userId: string): Promise<AccessRequest | undefined> {
  return (await queries.select(RequestRow, `${requestSql} and users.id = $3`, [dataset.id, level, userId]))[0]
}

/** Requests with a status, oldest first: a page of `limit` behind `skip`. Without a status, all. */
export function listRequests(
  queries: Queries,
  dataset: Dataset,
  given: { level: Level; status?: Status; limit: number; skip: number },
): Promise<AccessRequest[]> {
  const sql = `${requestSql} and ($3::text is null or requests.status = $3) order by requests.requested_at, requests.id limit $4 offset $5`
  return queries.select(RequestRow, sql, [dataset.id, given.level, given.status ?? null, given.limit, given.skip])
}

/**
 * Asks for access. Auto-gated datasets accept a complete form at once, manual ones wait for a steward; a rule for the domain of a proven
 * e-mail address goes first. Who was accepted and agrees to new terms, or whose grant has run out in auto mode, is accepted again.
 * @throws HubError 400 for an incomplete form, 403 after a rejection or revocation.
 */
export async function askAccess(
  hub: Hub,
  dataset: Dataset,
  given: { level: Level; user: User; fields: Readonly<Record<string, unknown>> },
): Promise<AccessRequest> {
  const { level, user } = given
  if (level === 'release' && dataset.gated === 'false') throw badRequest(`Dataset ${dataset.fullName} is not gated: everyone may read it.`)
  const terms = await currentTerms(hub, dataset, level)
  if (level === 'raw' && terms.version === 0) throw badRequest(`Dataset ${dataset.fullName} offers no raw data.`)
  const before = await findRequest(hub.database, dataset, level, user.id)
  if (before?.status === 'rejected' || before?.status === 'revoked') {
    throw notAllowed(`Your access to dataset ${dataset.fullName} was ${before.status}. Only its authors can take that back.`)
  }
  const fields = checkFields(terms, given.fields)
  const at = hub.now()
  const isExpired = before?.expiresAt ? before.expiresAt <= at : false
  const decision =
    before?.status === 'accepted' && !isExpired
      ? { status: 'accepted' as const, by: 'earlier grant' }
      : await decideByRule(hub, dataset, level, user)
  const expiresAt =
    decision.status !== 'accepted'
      ? null
      : before?.status === 'accepted' && !isExpired
        ? before.expiresAt
        : expiryOf(dataset, at, decision.days)
  await hub.database.transaction(async (queries) => {
    await queries.change(
      `insert into requests (id, dataset_id, level, user_id, status, fields, terms_version, reason, requested_at, decided_at, decided_by, expires_at)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12)
       on conflict (dataset_id, level, user_id) do update set status = excluded.status, fields = excluded.fields,
         terms_version = excluded.terms_version, reason = excluded.reason, requested_at = excluded.requested_at,
         decided_at = excluded.decided_at, decided_by = excluded.decided_by, expires_at = excluded.expires_at, by_hand = false`,
      [
        randomBytes(12).toString('hex'),
        dataset.id,
        level,
        user.id,
        decision.status,
        JSON.stringify(fields),
        terms.version,
        decision.status === 'rejected' ? decision.by : null,
        at,
        decision.status === 'pending' ? null : at,
        decision.status === 'pending' ? null : decision.by,
        expiresAt,
      ],
    )
    const detail = { level, terms: terms.version, status: decision.status, by: decision.by }
    await appendEntries(queries, [{ actor: user.name, action: 'access.requested', dataset: dataset.fullName, detail }], at)
    if (decision.status === 'pending') await notifyStaff(hub, queries, dataset, accessRequested(dataset.fullName, user.name, level))
    else {
      const reason = decision.status === 'rejected' ? decision.by : null
      const told = { user: user.name, level, status: decision.status, reason, expiresAt }
      await notifyPerson(hub, queries, dataset, user.id, accessDecided(dataset.fullName, told))
    }
  })
  hub.wake('notices')
  const request = await findRequest(hub.database, dataset, level, user.id)
  if (!request) throw new Error('the request was not stored')
  return request
}

/** A steward's decision on one person. */
export interface Verdict {
  level: Level
  user: User
  status: Status
  reason?: string
  /** When the grant ends; without it, after the dataset's `grantDays`, if it has any. */
  expiresAt?: Date
  actor: string
}

/**
 * Decides on a request that is there.
 * @throws HubError 404 `RequestNotFound` where the person has not asked, or stands there already.
 */
export async function handleRequest(hub: Hub, dataset: Dataset, verdict: Verdict): Promise<void> {
  const { level, user, status, reason, actor } = verdict
  const at = hub.now()
  await hub.database.transaction(async (queries) => {
    const expiresAt = status === 'accepted' ? endOf(dataset, at, verdict.expiresAt) : null
    const changed = await queries.change(
      `update requests set status = $4, reason = $5, decided_at = $6, decided_by = $7, expires_at = $8
       where dataset_id = $1 and level = $2 and user_id = $3 and (status <> $4 or (status = 'accepted' and expires_at is distinct from $8))`,
      [dataset.id, level, user.id, status, reason ?? null, at, actor, expiresAt],
    )
    if (changed === 0)
      throw new HubError(404, 'RequestNotFound', `${user.name} has not asked for dataset ${dataset.fullName}, or is ${status} already.`)
    const detail = { level, user: user.name, reason: reason ?? null, expiresAt: expiresAt?.toISOString() ?? null }
    await appendEntries(queries, [{ actor, action: `access.${status}`, dataset: dataset.fullName, detail }], at)
    const told = { user: user.name, level, status, reason: reason ?? null, expiresAt }
    await notifyPerson(hub, queries, dataset, user.id, accessDecided(dataset.fullName, told))
  })
  hub.wake('notices')
}

/**
 * Gives access to someone who need not have asked.
 * @throws HubError 400 where they have it.
 */
export async function grantAccess(hub: Hub, dataset: Dataset, given: Omit<Verdict, 'status' | 'reason'>): Promise<void> {
  const { level, user, actor } = given
  const at = hub.now()
  const terms = await currentTerms(hub, dataset, level)
  await hub.database.transaction(async (queries) => {
    const expiresAt = endOf(dataset, at, given.expiresAt)
    const changed = await queries.change(
      `insert into requests (id, dataset_id, level, user_id, status, terms_version, by_hand, requested_at, decided_at, decided_by, expires_at)
       values ($1, $2, $3, $4, 'accepted', $5, true, $6, $6, $7, $8)
       on conflict (dataset_id, level, user_id) do update set status = 'accepted', by_hand = true, reason = null, decided_at = excluded.decided_at,
         decided_by = excluded.decided_by, expires_at = excluded.expires_at, terms_version = excluded.terms_version
       where requests.status <> 'accepted' or requests.expires_at <= excluded.decided_at`,
      [randomBytes(12).toString('hex'), dataset.id, level, user.id, terms.version, at, actor, expiresAt],
    )
    if (changed === 0) throw badRequest(`${user.name} has access to dataset ${dataset.fullName} already.`)
    const detail = { level, user: user.name, expiresAt: expiresAt?.toISOString() ?? null }
    await appendEntries(queries, [{ actor, action: 'access.granted', dataset: dataset.fullName, detail }], at)
    const told = { user: user.name, level, status: 'accepted', reason: null, expiresAt }
    await notifyPerson(hub, queries, dataset, user.id, accessDecided(dataset.fullName, told))
  })
  hub.wake('notices')
}

/** What was filled in, held to the form: every field answered, boxes ticked, choices among those offered. What the form does not ask is not kept. */
function checkFields(terms: Terms, given: Readonly<Record<string, unknown>>): Record<string, string | boolean> {
  const fields: Record<string, string | boolean> = {}
  for (const field of terms.fields) {
    // Locations by address are not recorded here: the hub keeps no addresses.
    if (field.type !== 'ip_location') fields[field.name] = checkField(field, given[field.name])
  }
  return fields
}

function checkField({ name, type, options }: FormField, value: unknown): string | boolean {
  if (type === 'checkbox') {
    if (value === true || value === 'true' || value === 'on') return true
    throw badRequest(`The box '${name}' must be ticked.`)
  }
  if (typeof value !== 'string' || value.trim() === '' || value.length > 5000)
    throw badRequest(`The field '${name}' must be filled in (1–5,000 characters).`)
  if (type === 'select' && !options.includes(value)) throw badRequest(`The field '${name}' takes one of: ${options.join(', ')}.`)
  if (type === 'date_picker' && !z.iso.date().safeParse(value).success)
    throw badRequest(`The field '${name}' takes a date such as 2026-01-31.`)
  return value
}

const RuleRow = z.object({ domain: z.string(), decision: z.enum(['accept', 'reject']), days: z.number().nullable() })

/** The rule of the person's e-mail domain, if the address is proven; else what the gate's mode says. */
async function decideByRule(
  hub: Hub,
  dataset: Dataset,
  level: Level,
  user: User,
): Promise<{ status: 'accepted' | 'rejected' | 'pending'; by: string; days?: number }> {
  const domain = user.email.slice(user.email.lastIndexOf('@') + 1).toLowerCase()
  const rules = await hub.database.select(RuleRow, 'select domain, decision, days from domain_rules where dataset_id = $1 and level = $2', [
    dataset.id,
    level,
  ])
  const rule = rules
    .filter((one) => domain === one.domain || domain.endsWith(`.${one.domain}`))
    .sort((a, b) => b.domain.length - a.domain.length)[0]
  const by = `rule for ${rule?.domain}`
  if (rule?.decision === 'reject') return { status: 'rejected', by }
  if (rule && user.emailVerified) return { status: 'accepted', by, ...(rule.days === null ? {} : { days: rule.days }) }
  // Raw data always waits for a person: its approval is a second, higher one.
  return level === 'release' && dataset.gated === 'auto'
    ? { status: 'accepted', by: 'auto gate' }
    : { status: 'pending', by: 'manual gate' }
}

/** When a grant of a steward's ends. @throws HubError 400 for a time that is over: it would be told as accepted and refuse. */
function endOf(dataset: Dataset, at: Date, chosen: Date | undefined): Date | null {
  if (chosen && chosen <= at) throw badRequest(`A grant cannot end on ${chosen.toISOString()}, which is over. Revoke it instead.`)
  return chosen ?? expiryOf(dataset, at)
}

function expiryOf(dataset: Dataset, at: Date, days = dataset.settings.grantDays): Date | null {
  return days === undefined ? null : new Date(at.getTime() + days * 86_400_000)
}
