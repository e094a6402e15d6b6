import { Hono } from 'hono'
import { AppError } from '../errors.ts'
import { readCookie } from './consent/cookie.ts'
import { SiteError } from './errors.ts'
import { originOf } from './guards/address.ts'
import { noticeBot } from './guards/bots.ts'
import { allSiteRoutes } from './routes.all.ts'
import type { SiteRoute } from './routes.ts'
import type { Site } from './site.ts'

/** What the server that runs the application hands to it: @hono/node-server's own binding. */
export interface ServerBindings {
  incoming?: { socket?: { remoteAddress?: string | undefined } }
}

/** The site's web application. `owns` tells which paths are its own, so that a server can mount it beside the hub. */
export function createSiteApp(site: Site): {
  owns(path: string): boolean
  fetch(request: Request, env?: ServerBindings): Promise<Response>
} {
  const app = new Hono<{ Bindings: ServerBindings }>()
  for (const route of allSiteRoutes) {
    app.on(route.method, route.path, async ({ req, env }) => answer(site, route, { request: req.raw, params: req.param(), env }))
  }
  app.notFound(() => errorReply(site, new SiteError(404, 'not-found', 'There is nothing at this address.')))
  app.onError((error) => errorReply(site, error))
  const prefixes = ['/api/consent', '/api/withdrawals', '/api/models', '/api/chat/', '/api/arena/', '/api/leaderboard', '/api/operator/']
  const owned = [...prefixes, '/api/admin/gateway-keys', '/v1/']
  return {
    owns: (path) => owned.some((prefix) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)),
    fetch: async (request, env = {}) => app.fetch(request, env),
  }
}

interface Incoming {
  request: Request
  params: Readonly<Record<string, string>>
  env: ServerBindings | undefined
}

async function answer(site: Site, route: SiteRoute, { request, params, env }: Incoming): Promise<Response> {
  const url = new URL(request.url)
  const base = baseOf(site, request, url)
  const origin = originOf(request.headers, env?.incoming?.socket?.remoteAddress, { hops: site.options.proxyHops, secret: site.secret })
  const isGateway = route.access === 'gateway key'
  if (!isGateway) refuseForeignSite(request, base)
  if (!isGateway && request.method === 'POST') noticeBot(site, request.headers)
  // A gateway's Authorization header holds a key, which is no hub token.
  const account = isGateway ? undefined : await site.findAccount?.(request.headers)
  const person = account ? await site.people.ofAccount(account.id) : site.people.ofCookie(readCookie(request.headers))
  return route.answer({ site, request, url, params, origin, account, base, person })
}

/** Where the caller reached us: what the operator said, or what our proxy or the request says. */
function baseOf({ options }: Site, { headers }: Request, url: URL): string {
  if (options.publicUrl) return options.publicUrl.replace(/\/+$/, '')
  if (options.proxyHops === 0) return url.origin
  const scheme = headers.get('x-forwarded-proto') === 'https' ? 'https' : url.protocol.slice(0, -1)
  return `${scheme}://${headers.get('x-forwarded-host') ?? url.host}`
}

/** Browsers send our cookies for any page, so what changes things must come from our own. */
function refuseForeignSite({ method, headers }: Request, base: string): void {
  if (method === 'GET' || method === 'HEAD') return
  const site = headers.get('sec-fetch-site')
  const from = headers.get('origin')
  if (site !== null ? site === 'same-origin' || site === 'none' : from === null || from === base) return
  throw new SiteError(403, 'foreign-site', 'This request came from another site. Use this site’s own pages.')
}

/** What a client is told of an error. What was not foreseen is told without its details. */
function errorReply(site: Site, error: unknown): Response {
  const known = error instanceof AppError ? error : undefined
  if (!known) site.log.error('collect.failed', { error: error instanceof Error ? error.name : 'unknown', at: placeOf(error) })
  const status = known?.status ?? 500
  const code = known?.code ?? 'internal'
  const message = known?.message ?? 'The server failed on this request. Try again.'
  if (status === 429 || status === 503 || status === 400 || status === 403) site.meters.refusal(code)
  const retryAfter = known instanceof SiteError ? known.retryAfter : undefined
  const headers: Record<string, string> = { 'Cache-Control': 'no-store', 'X-Error-Code': code }
  if (retryAfter !== undefined || status === 503) headers['Retry-After'] = String(retryAfter ?? 30)
  return Response.json({ error: message, code }, { status, headers })
}

/** Where in the code something failed: file and line, none of its text. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return /\/(src|dist)\/[\w./-]+:\d+/.exec(stack)?.[0] ?? ''
}
