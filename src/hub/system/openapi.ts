import { z } from 'zod'
import type { Route } from '../routes.ts'

/** The OpenAPI 3.1 description of routes, from what each says of itself. */
export function describeRoutes(routes: readonly Route[], origin: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)(\{(?:[^{}]|\{[^}]*\})*\})?/g, '{$1}')
    const operations = paths[path] ?? {}
    operations[route.method.toLowerCase()] = {
      summary: route.summary,
      'x-access': describeAccess(route),
      security: route.access.kind === 'open' || route.access.kind === 'signed' ? [{}] : [{}, { token: [] }, { session: [] }],
      parameters: [
        ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...(route.query ? Object.entries(route.query.shape).map(([name, schema]) => queryParameter(name, schema)) : []),
      ],
      ...(route.body ? { requestBody: { content: { 'application/json': { schema: toSchema(route.body) } } } } : {}),
      responses: {
        200: { description: 'Done', ...(route.reply ? { content: { 'application/json': { schema: toSchema(route.reply) } } } : {}) },
        default: { description: 'An error, with its code in X-Error-Code', content: { 'application/json': { schema: errorSchema } } },
      },
    }
    paths[path] = operations
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Colloquy hub', version: '1' },
    servers: [{ url: origin }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'hf_…' },
        session: { type: 'apiKey', in: 'cookie', name: 'colloquy' },
      },
    },
    paths,
  }
}

/** A route's access rule in words. */
export function describeAccess({ access }: Pick<Route, 'access'>): string {
  if (access.kind === 'dataset')
    return {
      listing: 'anyone who may know of the dataset',
      release: 'the release',
      raw: 'the raw data',
      write: 'owners',
      steward: 'stewards and owners',
    }[access.right]
  if (access.kind === 'account') return access.needs === 'write' ? 'an account, by session or write token' : 'an account'
  return { open: 'anyone', signed: 'the signed address', admin: 'administrators' }[access.kind]
}

const errorSchema = { type: 'object', properties: { error: { type: 'string' } }, required: ['error'] }

function queryParameter(name: string, schema: unknown) {
  const isRequired = schema instanceof z.ZodType && !schema.safeParse(undefined).success
  return { name, in: 'query', required: isRequired, schema: { type: 'string' } }
}

/** Dates have no JSON form of their own; they are sent as text. */
function toSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}
