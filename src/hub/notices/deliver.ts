import { z } from 'zod'
import type { BackgroundTask } from '../background.ts'
import type { Hub } from '../hub.ts'
import { deliverMail } from './mail.ts'
import { deliverWebhook } from './webhook.ts'

/** Sends what the outbox holds; looks for what is due every minute. */
export const noticeTask: BackgroundTask = { name: 'notices', everyMs: 60_000, run: deliverNotices }

/** Waits between attempts double from one minute to half a day; after the last, about three days on, a message is given up. */
const MAX_ATTEMPTS = 14
const waitMs = (attempts: number) => Math.min(60_000 * 2 ** (attempts - 1), 12 * 3_600_000)

/** How long a message belongs to the server that took it: longer than any attempt lasts. */
const HOLD_MS = 5 * 60_000

const Message = z.object({
  id: z.string(),
  kind: z.enum(['mail', 'webhook']),
  event: z.string(),
  target: z.string(),
  subject: z.string(),
  body: z.string().nullable(),
  created_at: z.date(),
  attempts: z.number(),
})
type Message = z.infer<typeof Message>

/** Sends every message that is due, each once, whichever server takes it. What fails is tried again later. */
export async function deliverNotices(hub: Hub): Promise<void> {
  for (;;) {
    const message = await take(hub)
    if (!message) return
    const problem = await send(hub, message)
    const at = hub.now()
    if (problem === undefined) {
      await hub.database.change('update outbox set sent_at = $2, body = null, problem = null where id = $1', [message.id, at])
      continue
    }
    const isOver = message.attempts >= MAX_ATTEMPTS
    await hub.database.change(
      `update outbox set problem = $2, next_at = $3, failed_at = case when $4 then $5::timestamptz end,
         body = case when $4 then null else body end where id = $1`,
      [message.id, problem, new Date(at.getTime() + waitMs(message.attempts)), isOver, at],
    )
    hub.log.warn('notice.failed', { kind: message.kind, event: message.event, attempts: message.attempts, problem, givenUp: isOver })
  }
}

/** Takes one due message: it is held until an attempt is surely over, so a server that dies with it loses time, not the message. */
async function take(hub: Hub): Promise<Message | undefined> {
  const at = hub.now()
  const [message] = await hub.database.select(
    Message,
    `update outbox set attempts = attempts + 1, next_at = $2 where id = (
       select id from outbox where sent_at is null and failed_at is null and next_at <= $1 order by next_at, position limit 1 for update skip locked
     ) returning id, kind, event, target, subject, body, created_at, attempts`,
    [at, new Date(at.getTime() + HOLD_MS)],
  )
  return message
}

/** Why it failed, in a word of ours; undefined where it went out. */
async function send(hub: Hub, message: Message): Promise<string | undefined> {
  const body = message.body ?? ''
  if (message.kind === 'webhook')
    return deliverWebhook(hub, { id: message.id, event: message.event, url: message.target, body, at: message.created_at })
  if (!hub.options.mail) return 'no mail is set up'
  try {
    await deliverMail(hub.options.mail, { to: message.target, subject: message.subject, text: body })
    return undefined
  } catch (error) {
    // The server's own words may hold addresses; its code does not.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    return `mail: ${code.slice(0, 40)}`
  }
}
