import { z } from 'zod'
import { accountRoute, type Route } from '../routes.ts'

const OwnRequest = z
  .object({
    dataset: z.string(),
    level: z.enum(['release', 'raw']),
    status: z.enum(['pending', 'accepted', 'rejected', 'revoked']),
    reason: z.string().nullable(),
    requested_at: z.date(),
    decided_at: z.date().nullable(),
    expires_at: z.date().nullable(),
    terms_version: z.number(),
    current_version: z.number(),
    reconsent_by: z.date().nullable(),
  })
  .transform(({ requested_at, decided_at, expires_at, terms_version, current_version, reconsent_by, ...rest }) => ({
    ...rest,
    requestedAt: requested_at,
    decidedAt: decided_at,
    expiresAt: expires_at,
    termsVersion: terms_version,
    currentTermsVersion: current_version,
    reconsentBy: reconsent_by,
  }))

const Agreement = z.object({ at: z.string(), dataset: z.string(), action: z.string(), detail: z.record(z.string(), z.unknown()) })

const OwnDemand = z
  .object({
    id: z.string(),
    dataset: z.string(),
    text: z.string(),
    issued_at: z.date(),
    due_at: z.date(),
    confirmed_at: z.date().nullable(),
    words: z.string().nullable(),
  })
  .transform(({ issued_at, due_at, confirmed_at, ...rest }) => ({ ...rest, issuedAt: issued_at, dueAt: due_at, confirmedAt: confirmed_at }))

const OwnDeletion = z
  .object({
    id: z.string(),
    dataset: z.string(),
    kind: z.enum(['conversation', 'person']),
    reason: z.string(),
    status: z.enum(['open', 'accepted', 'declined', 'done']),
    note: z.string().nullable(),
    opened_at: z.date(),
    decided_at: z.date().nullable(),
    revision: z.string().nullable(),
  })
  .transform(({ opened_at, decided_at, ...rest }) => ({ ...rest, openedAt: opened_at, decidedAt: decided_at }))

/** What concerns the asker alone, over all datasets: their requests, what they agreed to, what is demanded of them, what they asked to be deleted. */
export const ownRoutes: Route[] = [
  accountRoute(
    { method: 'GET', path: '/api/settings/access-requests', summary: 'Your requests for access, with what the terms are now' },
    async ({ hub, context, user }) => {
      const sql = `select d.namespace || '/' || d.name as dataset, r.level, r.status, r.reason, r.requested_at, r.decided_at, r.expires_at, r.terms_version,
          coalesce((select max(version) from terms t where t.dataset_id = d.id and t.level = r.level), 0) as current_version,
          (select min(reconsent_by) from terms t where t.dataset_id = d.id and t.level = r.level and t.version > r.terms_version) as reconsent_by
        from requests r join datasets d on d.id = r.dataset_id where r.user_id = $1 order by r.requested_at desc`
      return context.json(await hub.database.select(OwnRequest, sql, [user.id]))
    },
  ),
  accountRoute(
    {
      method: 'GET',
      path: '/api/settings/agreements',
      summary: 'What you agreed to and what was decided on you, from the ledger, newest first',
    },
    async ({ hub, context, user }) => {
      const sql = `select at, dataset, action, detail from (
          select number, at, dataset, action, detail from ledger where actor = $1 and action in ('access.requested', 'licence.confirmed')
          union select number, at, dataset, action, detail from ledger where detail ->> 'user' = $1 and action like 'access.%'
        ) mine where dataset is not null order by number desc limit 1000`
      return context.json(await hub.database.select(Agreement, sql, [user.name]))
    },
  ),
  accountRoute(
    { method: 'GET', path: '/api/settings/licence-demands', summary: 'What is demanded of you as a licensee, over all datasets' },
    async ({ hub, context, user }) => {
      const sql = `select d.id, s.namespace || '/' || s.name as dataset, d.text, d.issued_at, d.due_at, c.confirmed_at, c.words
        from licence_confirmations c join licence_demands d on d.id = c.demand_id join datasets s on s.id = d.dataset_id
        where c.user_id = $1 order by d.issued_at desc`
      return context.json(await hub.database.select(OwnDemand, sql, [user.id]))
    },
  ),
  accountRoute(
    { method: 'GET', path: '/api/settings/deletion-requests', summary: 'What you asked to be deleted, and where it stands' },
    async ({ hub, context, user }) => {
      const sql = `select r.id, d.namespace || '/' || d.name as dataset, r.kind, r.reason, r.status, r.note, r.opened_at, r.decided_at, r.revision
        from deletion_requests r join datasets d on d.id = r.dataset_id where r.requested_by = $1 order by r.opened_at desc limit 1000`
      return context.json(await hub.database.select(OwnDeletion, sql, [user.name]))
    },
  ),
  accountRoute(
    { method: 'GET', path: '/api/settings/desk', summary: 'Datasets that you are owner or steward of, with what waits for you' },
    async ({ hub, context, user }) => {
      const Desk = z.object({
        dataset: z.string(),
        role: z.enum(['owner', 'steward']),
        gated: z.enum(['false', 'auto', 'manual']),
        visibility: z.enum(['public', 'private']),
        pending: z.number(),
        raw: z.number(),
        deletions: z.number(),
        uses: z.number(),
        overdue: z.number(),
      })
      const sql = `select d.namespace || '/' || d.name as dataset, d.gated, d.visibility,
          case when $2 in ('admin', 'owner') or d.namespace = $3 or m.role = 'owner' then 'owner' else 'steward' end as role,
          (select count(*) from requests r where r.dataset_id = d.id and r.level = 'release' and r.status = 'pending') as pending,
          (select count(*) from requests r where r.dataset_id = d.id and r.level = 'raw' and r.status = 'pending') as raw,
          (select count(*) from deletion_requests r where r.dataset_id = d.id and r.status = 'open') as deletions,
          (select count(*) from uses u where u.dataset_id = d.id and u.status = 'pending') as uses,
          (select count(*) from licence_confirmations c join licence_demands l on l.id = c.demand_id
             where l.dataset_id = d.id and c.confirmed_at is null and l.due_at <= $4) as overdue
        from datasets d left join members m on m.namespace = d.namespace and m.user_id = $1
        where $2 in ('admin', 'owner', 'steward') or d.namespace = $3 or m.role is not null order by dataset`
      return context.json(await hub.database.select(Desk, sql, [user.id, user.role, user.name, hub.now()]))
    },
  ),
]
