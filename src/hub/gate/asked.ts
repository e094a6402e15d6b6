import { z } from 'zod'
import { hashToken, noteUse, TokenRow } from '../accounts/tokens.ts'
import { UserRow } from '../accounts/users.ts'
import type { FindSession, Viewer } from '../accounts/viewer.ts'
import { type Dataset, DatasetRow } from '../datasets/store.ts'
import { invalidCredentials } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { earliest, keptReads, type Reading } from '../kept-reads.ts'
import { type Standing, StandingRow, standingOf } from './access.ts'

/** A dataset and how the viewer stands to it. */
export interface About {
  dataset: Dataset
  standing: Standing
}

/** What a request names: a dataset, and the level of access that it is about. */
export interface Named {
  namespace: string
  name: string
  level: 'release' | 'raw'
}

const Row = StandingRow.extend({
  token: TokenRow.nullable(),
  account: UserRow.nullable(),
  dataset: DatasetRow.nullable(),
  next_required_at: z.date().nullable(),
})
type Row = z.infer<typeof Row>

// One statement, since every request begins with it.
const ASKED = `
  select to_jsonb(tokens) as token, to_jsonb(users) as account, to_jsonb(datasets) as dataset, members.role as member, to_jsonb(requests) as request,
    agreed.required_version, agreed.next_required_at
  from (select 1) as one
  left join tokens on tokens.hash = $1 and tokens.revoked_at is null and (tokens.expires_at is null or tokens.expires_at > $3)
  left join users on users.id = coalesce(tokens.user_id, $2) and users.disabled_at is null
  left join datasets on lower(datasets.namespace) = lower($4) and lower(datasets.name) = lower($5)
  left join members on members.namespace = datasets.namespace and members.user_id = users.id
  left join requests on requests.dataset_id = datasets.id and requests.user_id = users.id and requests.level = $6
  left join lateral (
    select max(version) filter (where reconsent_by <= $3) as required_version, min(reconsent_by) filter (where reconsent_by > $3) as next_required_at
    from terms where dataset_id = datasets.id and level = $6) as agreed on true`

/** What the statement gives; it holds until a token ends or a date of re-consent comes. */
async function readRow(hub: Hub, values: readonly [string | null, ...(string | null)[]], at: Date): Promise<Reading<Row | undefined>> {
  const [hash, userId = null, ...named] = values
  const [row] = await hub.database.select(Row, ASKED, [hash, userId, at, ...named])
  return { value: row, endsAt: earliest(row?.token?.expiresAt, row?.next_required_at) }
}

/**
 * Who sent a request, and, where it names a dataset that there is, the dataset and how they stand to it.
 * @throws HubError 401 for a token that is not valid: never quietly anonymous, since clients then blame the dataset.
 */
export async function readAsked(
  hub: Hub,
  headers: Headers,
  findSession: FindSession,
  named?: Named,
): Promise<{ viewer: Viewer; about?: About }> {
  const authorization = headers.get('authorization')
  const [, text] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  if (authorization && text === undefined) throw invalidCredentials()
  const user = text === undefined && headers.has('cookie') ? await findSession(headers) : undefined
  if (text === undefined && !named) return { viewer: user ? { kind: 'user', user } : { kind: 'anonymous' } }
  const at = hub.now()
  const { namespace, name, level } = named ?? { namespace: null, name: null, level: 'release' }
  const hash = text === undefined ? null : hashToken(text)
  const values = [hash, user?.id ?? null, namespace, name, level] as const
  const row = await keptReads(hub).get(`asked ${JSON.stringify(values)}`, () => readRow(hub, values, at))
  const viewer: Viewer = row?.account
    ? { kind: 'user', user: row.account, ...(row.token ? { token: row.token } : {}) }
    : { kind: 'anonymous' }
  if (text !== undefined && !(viewer.kind === 'user' && viewer.token)) throw invalidCredentials()
  if (row?.token) await noteUse(hub, row.token, at)
  return row?.dataset ? { viewer, about: { dataset: row.dataset, standing: standingOf(row) } } : { viewer }
}
