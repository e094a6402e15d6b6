import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { hashTerms } from '../consent/terms.ts'
import { SiteError } from '../errors.ts'
import { administratorRoute, nothing, readInput, reply, type SiteRoute } from '../routes.ts'
import type { Site } from '../site.ts'
import { storable } from '../text.ts'

/** An application that uses the gateway. `terms`: SHA-256 of the statement that its own users agreed to. */
export interface GatewayKey {
  id: string
  application: string
  terms: string
}

const NewKey = z.strictObject({ application: z.string().trim().min(1).max(200), consentStatement: z.string().trim().min(20).max(20_000) })
const KeyRow = z.object({
  id: z.string(),
  application: z.string(),
  consent_statement: z.string(),
  terms: z.string(),
  created_at: z.date(),
  revoked_at: z.date().nullable(),
})

/** Gateway keys, for administrators. */
export const keyRoutes: SiteRoute[] = [
  administratorRoute({ method: 'GET', path: '/api/admin/gateway-keys' }, async ({ site }) => {
    const rows = await site.database.select(KeyRow, 'select * from collect_gateway_keys order by created_at desc limit 1000')
    const keys = rows.map(({ consent_statement, created_at, revoked_at, ...row }) => ({
      ...row,
      consentStatement: consent_statement,
      createdAt: created_at.toISOString(),
      revokedAt: revoked_at?.toISOString() ?? null,
    }))
    return reply({ keys })
  }),
  administratorRoute({ method: 'POST', path: '/api/admin/gateway-keys' }, async ({ site, request }) => {
    const given = await readInput(request, NewKey)
    const id = randomBytes(8).toString('hex')
    const key = `cq_${randomBytes(32).toString('base64url')}`
    const [application, statement] = [storable(given.application), storable(given.consentStatement)]
    const terms = hashTerms(statement)
    await site.database.change(
      'insert into collect_gateway_keys (id, hash, application, consent_statement, terms, created_at) values ($1, $2, $3, $4, $5, $6)',
      [id, hashKey(key), application, statement, terms, site.now()],
    )
    site.log.info('gateway.key-made', { id })
    return reply({ id, key, application, terms }, 201)
  }),
  administratorRoute({ method: 'DELETE', path: '/api/admin/gateway-keys/:id' }, async ({ site, params }) => {
    const sql = 'update collect_gateway_keys set revoked_at = $2 where id = $1 and revoked_at is null'
    found.delete(site)
    if ((await site.database.change(sql, [params.id ?? '', site.now()])) === 0) {
      throw new SiteError(404, 'not-found', 'There is no such key, or it is revoked.')
    }
    return nothing()
  }),
]

/** A key that was found is good for so long without asking the database; a revocation in this process counts at once. */
const goodForMs = 5000
const found = new WeakMap<Site, Map<string, { key: GatewayKey; until: number }>>()

/**
 * The application of a request's key. Revoked by another process, a key is refused within five seconds.
 * @throws SiteError 401 `key-unknown`.
 */
export async function findKey(site: Site, headers: Headers): Promise<GatewayKey> {
  const [, text] = /^Bearer +(cq_\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
  const hash = text === undefined ? '' : hashKey(text)
  const held = found.get(site)?.get(hash)
  if (held && held.until > performance.now()) return held.key
  const sql = 'select * from collect_gateway_keys where hash = $1 and revoked_at is null'
  const [row] = hash === '' ? [] : await site.database.select(KeyRow, sql, [hash])
  if (!row) throw new SiteError(401, 'key-unknown', 'Send a gateway key of this site: Authorization: Bearer cq_…')
  const key = { id: row.id, application: row.application, terms: row.terms }
  const keys = found.get(site) ?? new Map()
  found.set(site, keys.set(hash, { key, until: performance.now() + goodForMs }))
  return key
}

const hashKey = (key: string) => createHash('sha256').update(key).digest('hex')
