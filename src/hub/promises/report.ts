import { z } from 'zod'
import { readLedger, verifyLedger } from '../ledger.ts'
import { webhookKey } from '../notices/webhook.ts'
import { datasetRoute, type Route } from '../routes.ts'

const Row = z.record(z.string(), z.unknown())

/** What of the ledger belongs to the promises; reading and searching are in the ledger's own export. */
const isPromise = (action: string): boolean => /^(deletion|file\.withdrawn|licence|access|terms|raw)\b/.test(action)

/** One document for a data protection officer to file: what was promised, asked, decided and done, and the chain that proves it. */
export const reportRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/protection-report',
      summary:
        'For a data protection officer to file: deletions, withdrawals, demands with confirmations, grants, terms, and their ledger entries',
      right: 'steward',
    },
    async ({ hub, context, dataset, actor }) => {
      const rows = (sql: string) => hub.database.select(Row, sql, [dataset.id])
      const entries: unknown[] = []
      for await (const page of readLedger(hub.database, { dataset: dataset.fullName }))
        entries.push(...page.filter(({ action }) => isPromise(action)))
      const check = await verifyLedger(hub.database)
      await hub.ledger.append({ actor, action: 'report.made', dataset: dataset.fullName, detail: { entries: entries.length } })
      context.header('Content-Disposition', `attachment; filename="${dataset.name}-protection-report.json"`)
      return context.json({
        dataset: dataset.fullName,
        madeAt: hub.now().toISOString(),
        madeBy: actor,
        // The state of the whole chain when this was made: an export of the ledger can be held against it.
        ledger: { isWhole: check.brokenAt === undefined, entries: check.entries, head: check.head },
        deletions: await rows(
          `select id, kind, subject_hash, requested_by, reason, status, proof, note, opened_at, decided_at, decided_by, revision, removed, withdrawn
           from deletion_requests where dataset_id = $1 order by opened_at, id`,
        ),
        withdrawals: await rows(
          'select sha256, reason, ticket, withdrawn_at, erased_at from withdrawals where dataset_id = $1 order by withdrawn_at, sha256',
        ),
        rawWithdrawals: await rows(
          `select path, sha256, withdrawn_reason as reason, erased_at from raw_files
           where dataset_id = $1 and withdrawn_reason is not null order by path`,
        ),
        demands: await rows(
          `select d.id, d.text, d.issued_at, d.issued_by, d.due_at, d.is_termination, users.name as user, c.confirmed_at, c.words, c.reminders,
             c.reminded_at from licence_demands d join licence_confirmations c on c.demand_id = d.id join users on users.id = c.user_id
           where d.dataset_id = $1 order by d.issued_at, d.id, users.name`,
        ),
        grants: await rows(
          `select users.name as user, requests.level, requests.status, requests.terms_version, requests.requested_at, requests.decided_at,
             requests.decided_by, requests.expires_at from requests join users on users.id = requests.user_id where dataset_id = $1
           order by requests.requested_at, users.name`,
        ),
        terms: await rows('select level, version, text, created_at, reconsent_by from terms where dataset_id = $1 order by level, version'),
        entries,
      })
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/notices',
      summary: 'What was sent about this dataset, by mail and webhook, and what waits or failed',
      right: 'steward',
    },
    async ({ hub, context, dataset }) => {
      const sql = `select id, kind, event, created_at as "createdAt", sent_at as "sentAt", failed_at as "failedAt", attempts, problem
        from outbox where dataset_id = $1 order by created_at desc, id limit 1000`
      return context.json(await hub.database.select(Row, sql, [dataset.id]))
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/webhook',
      summary: 'The webhook’s address and the key that its messages are signed with',
      right: 'write',
    },
    ({ hub, context, dataset }) => {
      const url = dataset.settings.notifyUrl
      return context.json({ url: url ?? null, key: url ? webhookKey(hub, url) : null })
    },
  ),
]
