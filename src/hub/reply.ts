import { AppError } from '../errors.ts'
import { HubError } from './errors.ts'

/** What a client is told of an error: the protocol's headers and a JSON body. What was not foreseen is told without its details. */
export function errorReply(error: unknown, requestId: string): Response {
  const known = error instanceof AppError ? error : undefined
  const status = known?.status ?? 500
  const code = known?.code ?? 'UnexpectedError'
  const message = known?.message ?? `The server failed on this request. Its administrator finds it in the log as request ${requestId}.`
  const headers = new Headers(known instanceof HubError ? known.headers : {})
  headers.set('Content-Type', 'application/json; charset=utf-8')
  headers.set('Cache-Control', 'no-store')
  headers.set('X-Error-Code', code)
  headers.set('X-Error-Message', headerText(message))
  return new Response(JSON.stringify({ error: message }), { status, headers })
}

/** Text that a header can carry: printable ASCII on one line. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1000)
}

/** A `Link` header to the next page. Clients accept absolute addresses only. */
export function nextLink(origin: string, requestUrl: string, change: Readonly<Record<string, string>>): string {
  const url = new URL(requestUrl)
  for (const [key, value] of Object.entries(change)) url.searchParams.set(key, value)
  return `<${origin}${url.pathname}${url.search}>; rel="next"`
}
