import { Hono } from 'hono'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { readCookie } from './consent/cookie.ts'
import { SiteError } from './errors.ts'
import { openAiError } from './gateway/completions.ts'
import { originOf } from './guards/address.ts'
import { noticeBot } from './guards/bots.ts'
import { allSiteRoutes } from './routes.all.ts'
import type { SiteRoute } from './routes.ts'
import type { Site } from './site.ts'

/** The site as a server mounts it beside the hub: `owns` tells which paths are its own. `server`: what @hono/node-server hands to an application. */
export interface SiteApp {
  owns(path: string): boolean
  fetch(request: Request, server?: unknown): Promise<Response>
}

/** The site's web application. */
export function createSiteApp(site: Site): SiteApp {
  const app = new Hono<{ Bindings: { server: unknown } }>()
  for (const route of allSiteRoutes) {
    app.on(route.method, route.path, async ({ req, env }) =>
      answer(site, route, { request: req.raw, params: req.param(), server: env.server }),
    )
  }
  app.notFound(() => errorReply(site, new SiteError(404, 'not-found', 'There is nothing at this address.')))
  app.onError((error, { req }) => errorReply(site, error, req.path.startsWith('/v1/')))
  const prefixes = ['/api/consent', '/api/withdrawals', '/api/models', '/api/chat/', '/api/arena/', '/api/leaderboard', '/api/operator/']
  const owned = [...prefixes, '/api/admin/gateway-keys', '/v1/']
  return {
    owns: (path) => owned.some((prefix) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)),
    async fetch(request, server) {
      const response = await app.fetch(request, { server })
      for (const [name, value] of Object.entries(securityHeaders)) if (!response.headers.has(name)) response.headers.set(name, value)
      return response
    },
  }
}

/** What is answered is data: nothing of it is to run, be framed or be guessed at. */
const securityHeaders = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
}

/** Of what the server hands over, the socket's address is all that is wanted. */
const Bindings = z.object({ incoming: z.object({ socket: z.object({ remoteAddress: z.string().optional() }) }) })

interface Incoming {
  request: Request
  params: Readonly<Record<string, string>>
  server: unknown
}

async function answer(site: Site, route: SiteRoute, { request, params, server }: Incoming): Promise<Response> {
  const url = new URL(request.url)
  const base = baseOf(site, request, url)
  const origin = originOf(request.headers, Bindings.safeParse(server).data?.incoming.socket.remoteAddress, {
    hops: site.options.proxyHops,
    secret: site.secret,
  })
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
function errorReply(site: Site, error: unknown, isGateway = false): Response {
  const known = error instanceof AppError ? error : undefined
  if (!known) site.log.error('collect.failed', { error: error instanceof Error ? error.name : 'unknown', at: placeOf(error) })
  const status = known?.status ?? 500
  const code = known?.code ?? 'internal'
  const message = known?.message ?? 'The server failed on this request. Try again.'
  if (status === 429 || status === 503 || status === 400 || status === 403) site.meters.refusal(code)
  const retryAfter = known instanceof SiteError ? known.retryAfter : undefined
  const headers: Record<string, string> = { 'Cache-Control': 'no-store', 'X-Error-Code': code }
  if (retryAfter !== undefined || status === 503) headers['Retry-After'] = String(retryAfter ?? 30)
  return Response.json(isGateway ? openAiError({ code, message, status }) : { error: message, code }, { status, headers })
}

/** Where in the code something failed: file and line, none of its text. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return /\/(src|dist)\/[\w./-]+:\d+/.exec(stack)?.[0] ?? ''
}
