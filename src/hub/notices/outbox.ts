import { randomBytes } from 'node:crypto'
import type { Queries } from '../../storage/database.ts'

/** How mail leaves the hub: an SMTP server by URL (`smtp://user:password@host:587`, `smtps://…`), and the address that it comes from. */
export interface MailSettings {
  url: string
  from: string
}

/** What can happen that people are told of. */
export type NoticeEvent =
  | 'access.requested'
  | 'access.decided'
  | 'access.expiring'
  | 'terms.changed'
  | 'deletion.requested'
  | 'deletion.decided'
  | 'licence.demanded'
  | 'licence.reminded'
  | 'password.reset'
  | 'address.asked'
  | 'signup.repeated'

/** One message that is to be sent: to an address, or as JSON to a URL. */
export interface Outgoing {
  kind: 'mail' | 'webhook'
  event: NoticeEvent
  datasetId?: string
  target: string
  subject?: string
  body: string
}

/** Puts messages into the outbox, inside the caller's transaction: what is decided and that it is told stand or fall together. */
export async function enqueue(queries: Queries, messages: readonly Outgoing[], at: Date): Promise<void> {
  for (const { kind, event, datasetId, target, subject, body } of messages) {
    await queries.change(
      `insert into outbox (id, kind, event, dataset_id, target, subject, body, created_at, next_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
      [randomBytes(12).toString('hex'), kind, event, datasetId ?? null, target, subject ?? '', body, at],
    )
  }
}
