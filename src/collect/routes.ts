import type { z } from 'zod'
import { SiteError } from './errors.ts'
import type { Origin } from './guards/address.ts'
import type { Account, Site } from './site.ts'

/** Who may call a route: anyone; a person whom the site knows by cookie or account; administrators of the hub; holders of a gateway key. */
export type SiteAccess = 'anyone' | 'person' | 'administrators' | 'gateway key'

/** What a handler gets. */
export interface SiteCall {
  site: Site
  request: Request
  url: URL
  params: Readonly<Record<string, string>>
  origin: Origin
  account: Account | undefined
  /** Address that the site is reached at, without a slash at the end. */
  base: string
  /** Undefined where neither cookie nor account tells. */
  person: string | undefined
}
/** A call by a person. */
export interface PersonCall extends SiteCall {
  person: string
}

/** One route of the site; `path` in hono's notation. */
export interface SiteRoute {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  access: SiteAccess
  answer(call: SiteCall): Promise<Response>
}

type Handler<Call> = (call: Call) => Promise<Response> | Response
type Place = Pick<SiteRoute, 'method' | 'path'>

/** A route for anyone. */
export const anyoneRoute = (place: Place, handle: Handler<SiteCall>): SiteRoute => ({
  ...place,
  access: 'anyone',
  answer: async (call) => handle(call),
})

/** A route for people whom the site knows. */
export const personRoute = (place: Place, handle: Handler<PersonCall>): SiteRoute => ({
  ...place,
  access: 'person',
  async answer(call) {
    const { person } = call
    if (person === undefined) throw new SiteError(403, 'person-unknown', 'Read the terms first: this browser is not known here.')
    return handle({ ...call, person })
  },
})

/** A route for administrators of the hub. */
export const administratorRoute = (place: Place, handle: Handler<SiteCall>): SiteRoute => ({
  ...place,
  access: 'administrators',
  async answer(call) {
    if (!call.account?.isAdmin)
      throw new SiteError(call.account ? 403 : 401, 'not-administrator', 'Only an administrator may do this. Log in as one.')
    return handle(call)
  },
})

/** A route for gateway keys, which its handler checks. */
export const gatewayRoute = (place: Place, handle: Handler<SiteCall>): SiteRoute => ({
  ...place,
  access: 'gateway key',
  answer: async (call) => handle(call),
})

/** Bodies are read whole: prompts, not files. */
const maxBody = 4 * 1024 * 1024

/**
 * The request's JSON, as the schema says. An empty body counts as `{}`.
 * @throws SiteError 400 `input-invalid` naming the field, 413 `body-too-large`.
 */
export async function readInput<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(request)
  let value: unknown
  try {
    value = text === '' ? {} : JSON.parse(text)
  } catch {
    throw new SiteError(400, 'input-invalid', 'The request is not JSON.')
  }
  return checkInput(value, schema)
}

/**
 * A value as the schema says.
 * @throws SiteError 400 `input-invalid` naming the field.
 */
function checkInput<T>(value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new SiteError(400, 'input-invalid', `${issue?.path.join('.') || 'The request'}: ${issue?.message ?? 'not as it must be'}`)
}

async function readText(request: Request): Promise<string> {
  // Where the length is told and fits, the server reads it by a way that is much shorter than the web stream's.
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (length <= maxBody) return request.text()
  if (length > maxBody) throw tooLarge()
  if (!request.body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > maxBody) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const tooLarge = () => new SiteError(413, 'body-too-large', `The request is larger than ${maxBody} bytes.`)

/** A JSON reply. */
export function reply(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(value, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
}

/** Nothing to say. */
export const nothing = (headers: Readonly<Record<string, string>> = {}): Response => new Response(null, { status: 204, headers })
