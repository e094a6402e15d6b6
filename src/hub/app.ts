import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { getPath } from 'hono/utils/url'
import { AppError } from '../errors.ts'
import { sessionsOf } from './accounts/sessions.ts'
import type { FindSession, Viewer } from './accounts/viewer.ts'
import { HubError, notAllowed } from './errors.ts'
import { readAsked } from './gate/asked.ts'
import type { Hub } from './hub.ts'
import { servePage, webFolder } from './pages.ts'
import { errorReply } from './reply.ts'
import { allRoutes } from './routes.all.ts'
import { namedBy } from './routes.ts'
import { countRequest } from './system/metrics.ts'

/** What requests carry through the application. */
export interface HubEnv {
  Variables: { requestId: string; route?: string }
}

/** The hub's web application: every route behind its access rule. Other parts of the server mount beside it. */
export function createApp(hub: Hub, given: { findSession?: FindSession; pages?: string } = {}): Hono<HubEnv> {
  const findSession = given.findSession ?? sessionsOf(hub)
  const app = new Hono<HubEnv>({ getPath: viewerPath })
  app.use(async (context, next) => {
    const requestId = randomUUID()
    const startedAt = performance.now()
    context.set('requestId', requestId)
    await next()
    // Set on the answer's own headers: `context.header` would make a new answer, and a web stream of its body, for each.
    const { headers } = context.res
    headers.set('X-Request-Id', requestId)
    for (const [name, value] of Object.entries(securityHeaders)) if (!headers.has(name)) headers.set(name, value)
    if (originOf(hub, context).startsWith('https://')) headers.set('Strict-Transport-Security', 'max-age=31536000')
    const seconds = (performance.now() - startedAt) / 1000
    countRequest(hub, { route: context.get('route') ?? 'other', method: context.req.method, status: context.res.status, seconds })
  })
  app.use(async (context, next) => {
    if (!context.req.path.startsWith('/api/viewer/')) return next()
    if (context.req.method === 'OPTIONS') return preflight(context, next)
    await next()
    context.res.headers.set('Access-Control-Allow-Origin', '*')
    context.res.headers.set('Access-Control-Expose-Headers', exposed.join(','))
  })
  for (const route of allRoutes) {
    app.on(route.method, route.path, async (context) => {
      context.set('route', route.path)
      const { viewer, about } = await readAsked(hub, context.req.raw.headers, findSession, namedBy(route, context))
      const origin = originOf(hub, context)
      refuseForeignSite(viewer, context, origin)
      return route.answer({ hub, context, viewer, origin, ...(about ? { about } : {}) })
    })
  }
  app.notFound(
    (context) =>
      servePage(context, given.pages ?? webFolder) ??
      errorReply(new HubError(404, 'NotFound', 'There is nothing at this address.'), requestIdOf(context)),
  )
  app.onError((error, context) => {
    const requestId = requestIdOf(context)
    if (!(error instanceof AppError)) hub.log.error('hub.failed', { route: context.req.routePath, error: error.name, requestId })
    return errorReply(error, requestId)
  })
  return app
}

/** Pages run only what the hub serves, talk only to the hub, and are framed by nobody. Styles set by scripts need 'unsafe-inline' for styles alone. */
const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
}

const exposed = ['X-Error-Code', 'X-Error-Message', 'X-Revision', 'X-Request-Id', 'Retry-After']

/** Pages of other sites may ask the dataset-viewer API by a token, never by the cookie, and read the answer or error. */
const preflight = cors({ origin: '*', allowMethods: ['GET', 'HEAD'], allowHeaders: ['Authorization'], exposeHeaders: exposed, maxAge: 600 })

/** Clients ask the dataset-viewer API on a host name of its own, `datasets-server.<host>`; here it is a path. */
function viewerPath(request: Request): string {
  const path = getPath(request)
  return /^[a-z]+:\/\/datasets-server\./.test(request.url) ? `/api/viewer${path}` : path
}

const requestIdOf = (context: Context): string => String(context.get('requestId') ?? '')

/** Where the caller reached us: what the operator said, or what the proxy or the request says. */
function originOf(hub: Hub, context: Context): string {
  if (hub.options.publicUrl) return hub.options.publicUrl.replace(/\/+$/, '')
  const url = new URL(context.req.url)
  if (!hub.options.isBehindProxy) return url.origin
  const scheme = context.req.header('x-forwarded-proto') === 'https' ? 'https' : url.protocol.slice(0, -1)
  const host = context.req.header('x-forwarded-host') ?? url.host
  return `${scheme}://${host}`
}

/**
 * A cookie is sent by the browser for any page, so what changes things by cookie must come from our own pages; and so must what a page sends without
 * one, or another site could log people in as somebody else. Programs name no site, and tokens are not sent by themselves.
 */
function refuseForeignSite(viewer: Viewer, context: Context, origin: string): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(context.req.method) || (viewer.kind === 'user' && viewer.token)) return
  const site = context.req.header('sec-fetch-site')
  const from = context.req.header('origin')
  const isOwn = site === 'same-origin' || (site === undefined && from === origin)
  const isProgram = site === undefined && from === undefined
  if (isOwn || (viewer.kind === 'anonymous' && isProgram)) return
  throw notAllowed('This request came from another site. Use the hub’s own pages, or a token.')
}
