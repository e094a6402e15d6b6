import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { SiteError } from '../errors.ts'
import { administratorRoute, anyoneRoute, nothing, readInput, reply, type SiteRoute } from '../routes.ts'
import { storable } from '../text.ts'
import { takeVisit } from './take.ts'

const Report = z.strictObject({
  share: z.string().max(100).optional(),
  conversation: z.string().max(100).optional(),
  kind: z.enum(['abuse', 'personal-data', 'illegal', 'other']),
  text: z.string().min(1).max(4000),
})
const ReportRow = z
  .object({
    id: z.string(),
    kind: z.string(),
    text: z.string(),
    share: z.string().nullable(),
    chat: z.string().nullable(),
    reported_at: z.date(),
    closed_at: z.date().nullable(),
  })
  .transform(({ chat, reported_at, closed_at, ...rest }) => ({
    ...rest,
    conversation: chat,
    reportedAt: reported_at.toISOString(),
    closedAt: closed_at?.toISOString() ?? null,
  }))

/** Reports of abuse, and the operator's list of them. */
export const reportRoutes: SiteRoute[] = [
  anyoneRoute({ method: 'POST', path: '/api/chat/reports' }, async ({ site, request, origin }) => {
    await takeVisit(site, origin)
    const { share, conversation, kind, text } = await readInput(request, Report)
    const id = randomBytes(12).toString('hex')
    await site.database.change('insert into collect_reports (id, kind, text, share, chat, reported_at) values ($1, $2, $3, $4, $5, $6)', [
      id,
      kind,
      storable(text),
      share ?? null,
      conversation ?? null,
      site.now(),
    ])
    site.log.info('collect.reported', { kind })
    return reply({ id }, 202)
  }),
  administratorRoute({ method: 'GET', path: '/api/operator/reports' }, async ({ site }) => {
    const sql = 'select * from collect_reports order by closed_at is not null, reported_at desc limit 500'
    return reply({ reports: await site.database.select(ReportRow, sql) })
  }),
  administratorRoute({ method: 'POST', path: '/api/operator/reports/:id/close' }, async ({ site, params }) => {
    const sql = 'update collect_reports set closed_at = $2 where id = $1 and closed_at is null'
    const changed = await site.database.change(sql, [params.id ?? '', site.now()])
    if (changed === 0) throw new SiteError(404, 'not-found', 'There is no such open report.')
    return nothing()
  }),
]
