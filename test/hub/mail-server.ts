import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A message as a real SMTP server got it. */
export interface Mail {
  from: string
  to: string[]
  text: string
}

/** Starts an SMTP server that keeps what it is given. `refuse` makes it refuse the next messages. */
export async function startMailServer(): Promise<{ url: string; mails: Mail[]; refuse: { next: number }; close(): Promise<void> }> {
  const mails: Mail[] = []
  const refuse = { next: 0 }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refuse.next > 0) {
          refuse.next -= 1
          return done(new Error('try again later'))
        }
        const from = session.envelope.mailFrom
        mails.push({
          from: from ? from.address : '',
          to: session.envelope.rcptTo.map(({ address }) => address),
          // Lines are cut at 76 characters with a `=` at the end, and `=3D` stands for `=`.
          text: Buffer.concat(chunks).toString('utf8').replace(/=\r\n/g, '').replace(/=3D/g, '='),
        })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address: AddressInfo | string | null = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `smtp://127.0.0.1:${port}`, mails, refuse, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
