import type { Hub } from '../hub.ts'
import { enqueue, type MailSettings, type NoticeEvent } from './outbox.ts'

/** Queues a message to one person and has it sent at once; nothing happens where no mail is set up. */
export async function sendMail(hub: Hub, given: { event: NoticeEvent; to: string; subject: string; text: string }): Promise<void> {
  if (!hub.options.mail) return
  await enqueue(hub.database, [{ kind: 'mail', event: given.event, target: given.to, subject: given.subject, body: given.text }], hub.now())
  hub.wake('notices')
}

/** Sends one message by SMTP; throws what the server said. */
export async function deliverMail(settings: MailSettings, message: { to: string; subject: string; text: string }): Promise<void> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport(settings.url, { from: settings.from, disableFileAccess: true, disableUrlAccess: true })
  try {
    await transport.sendMail({ to: { name: '', address: message.to }, subject: message.subject, text: message.text })
  } finally {
    transport.close()
  }
}
