import type { Context } from 'hono'
import type { z } from 'zod'
import type { User } from './accounts/users.ts'
import { type Viewer, viewerName } from './accounts/viewer.ts'
import { type Dataset, findRenamed } from './datasets/store.ts'
import { HubError, loginRequired, notAllowed, repoNotFound } from './errors.ts'
import { decide, judge, levelOf, pass, type Right } from './gate/access.ts'
import type { About, Named } from './gate/asked.ts'
import type { Hub } from './hub.ts'

/**
 * Who may call a route. `open`: anyone, and it tells nothing of any dataset's content. `signed`: the address itself carries a signature that ends.
 * `account`, `admin`: a signed-in account, an administrator. `dataset`: the right to the dataset that the path, or `?dataset=`, names.
 */
export type AccessRule =
  | { kind: 'open' | 'signed' | 'admin' }
  | { kind: 'account'; needs: 'read' | 'write' }
  | { kind: 'dataset'; right: Right; named: 'path' | 'query' }

/**
 * What a handler gets. `origin`: where this server is reached, without a slash at the end. `about`: the dataset that the address names, where there is
 * one, as read for this request.
 */
export interface Call {
  hub: Hub
  context: Context
  viewer: Viewer
  about?: About
  origin: string
}
/** A call by an account. */
export interface AccountCall extends Call {
  user: User
}
/** A call on a dataset that the viewer has the route's right to. `actor` is the viewer's name for the ledger. */
export interface DatasetCall extends Call {
  dataset: Dataset
  actor: string
}

type Reply = Promise<Response> | Response

/** What a route says of itself, for OpenAPI and docs/api.md. `path` in hono's notation. */
export interface RouteFacts {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  summary: string
  query?: z.ZodObject
  body?: z.ZodType
  reply?: z.ZodType
}

/** One route with its access rule, which `answer` enforces. The functions below are the only makers: a route without a rule cannot be written. */
export interface Route extends RouteFacts {
  access: AccessRule
  answer(call: Call): Promise<Response>
}

/** A route that tells nothing of any dataset's content. */
export function openRoute(facts: RouteFacts, handle: (call: Call) => Reply): Route {
  return { ...facts, access: { kind: 'open' }, answer: async (call) => handle(call) }
}

/** A route whose address is a signed permission; the handler checks the signature. */
export function signedRoute(facts: RouteFacts, handle: (call: Call) => Reply): Route {
  return { ...facts, access: { kind: 'signed' }, answer: async (call) => handle(call) }
}

/** A route for any account: `read` for every token, `write` for sessions and write tokens. */
export function accountRoute(facts: RouteFacts & { needs?: 'read' | 'write' }, handle: (call: AccountCall) => Reply): Route {
  const { needs = 'read', ...rest } = facts
  return { ...rest, access: { kind: 'account', needs }, answer: async (call) => handle({ ...call, user: accountOf(call.viewer, needs) }) }
}

/** A route for administrators, by session or write token. */
export function adminRoute(facts: RouteFacts, handle: (call: AccountCall) => Reply): Route {
  const answer = async (call: Call) => {
    const user = accountOf(call.viewer, 'write')
    if (user.role !== 'admin') throw notAllowed('Only an administrator may do this.')
    return handle({ ...call, user })
  }
  return { ...facts, access: { kind: 'admin' }, answer }
}

/** A route on the dataset that its path names by `:namespace/:name`. A renamed dataset's old address leads to the new one. */
export function datasetRoute(facts: RouteFacts & { right: Right }, handle: (call: DatasetCall) => Reply): Route {
  const { right, ...rest } = facts
  const answer = async (call: Call) => {
    const { hub, context, viewer, about } = call
    const { namespace = '', name = '' } = context.req.param()
    if (!about) return redirectRenamed(call, namespace, name)
    const { dataset } = about
    pass(judge({ viewer, ...about, at: hub.now() }, right), viewer, dataset, call.origin)
    return handle({ ...call, dataset, actor: viewerName(viewer) })
  }
  return { ...rest, access: { kind: 'dataset', right, named: 'path' }, answer }
}

/** A route of the dataset-viewer API, on the dataset of `?dataset=`, with that API's words for refusals. */
export function viewerRoute(facts: RouteFacts & { right: Right }, handle: (call: DatasetCall) => Reply): Route {
  const { right, ...rest } = facts
  const answer = async (call: Call) => {
    const { hub, context, viewer, about } = call
    if (!context.req.query('dataset')) throw new HubError(422, 'MissingRequiredParameter', "Parameter 'dataset' is required")
    if (!about || !judge({ viewer, ...about, at: hub.now() }, right).isAllowed) throw maskedRefusal(viewer)
    return handle({ ...call, dataset: about.dataset, actor: viewerName(viewer) })
  }
  return { ...rest, access: { kind: 'dataset', right, named: 'query' }, answer }
}

/** The dataset that a request's address names, as its route says. */
export function namedBy({ access }: Route, context: Context): Named | undefined {
  if (access.kind !== 'dataset') return undefined
  const level = levelOf(access.right)
  if (access.named === 'path') return { namespace: context.req.param('namespace') ?? '', name: context.req.param('name') ?? '', level }
  const [namespace = '', name = '', ...more] = (context.req.query('dataset') ?? '').split('/')
  return more.length > 0 ? undefined : { namespace, name, level }
}

function accountOf(viewer: Viewer, needs: 'read' | 'write'): User {
  if (viewer.kind === 'anonymous') throw loginRequired()
  if (needs === 'write' && viewer.token && viewer.token.role !== 'write') throw notAllowed('This needs a token with the role write.')
  return viewer.user
}

async function redirectRenamed({ hub, context, viewer, origin }: Call, namespace: string, name: string): Promise<Response> {
  const renamed = await findRenamed(hub.database, namespace, name)
  const decision = renamed && (await decide(hub, viewer, renamed, 'listing'))
  if (!renamed || !decision?.isAllowed) throw repoNotFound(viewer.kind === 'user')
  const url = new URL(context.req.url)
  return context.redirect(`${origin}${url.pathname.replace(`/${namespace}/${name}`, `/${renamed.fullName}`)}${url.search}`, 307)
}

/** The dataset-viewer API does not tell apart what does not exist and what may not be seen. */
function maskedRefusal(viewer: Viewer): HubError {
  return viewer.kind === 'anonymous'
    ? new HubError(
        401,
        'ExternalUnauthenticatedError',
        'The dataset does not exist, or is not accessible without authentication (private or gated). Please check the spelling of the dataset name or retry with authentication.',
      )
    : new HubError(
        404,
        'ExternalAuthenticatedError',
        'The dataset does not exist, or is not accessible with the current credentials (private or gated). Please check the spelling of the dataset name or retry with other authentication credentials.',
      )
}
