import { type Access, ask, type FormField, type Row, request, send, viewer } from './api.ts'
import type { Level, RequestStatus } from './route.desk.ts'

/** A request of the asker's own, over all datasets. */
export interface OwnRequest {
  dataset: string
  level: Level
  status: RequestStatus
  reason: string | null
  requestedAt: string
  decidedAt: string | null
  expiresAt: string | null
  termsVersion: number
  currentTermsVersion: number
  reconsentBy: string | null
}

/** A version of a release: its number, what changed with it, and how it is cited. */
export interface Version {
  version: string
  revision: string
  rows: number
  change: 'first' | 'major' | 'minor' | 'patch'
  citation: { text: string; bibtex: string }
}

/** An entry of the ledger. */
export interface LedgerEntry {
  number: number
  at: string
  actor: string
  action: string
  dataset: string | null
  revision: string | null
  path: string | null
  bytes: number | null
  detail: Record<string, unknown>
}

/** What the asker agreed to, or what was decided on them. */
export type Agreement = Pick<LedgerEntry, 'at' | 'action' | 'detail'> & { dataset: string }

/** What is demanded of the asker as a licensee. */
export interface OwnDemand {
  id: string
  dataset: string
  text: string
  issuedAt: string
  dueAt: string
  confirmedAt: string | null
  words: string | null
}

/** Where a request for deletion stands. */
export type DeletionStatus = 'open' | 'accepted' | 'declined' | 'done'

/** What the asker asked to be deleted. */
export interface OwnDeletion {
  id: string
  dataset: string
  kind: 'conversation' | 'person'
  reason: string
  status: DeletionStatus
  note: string | null
  openedAt: string
  decidedAt: string | null
  revision: string | null
}

/** A request for deletion as its steward sees it; settled ones keep a hash of what was asked. */
export interface Ticket extends Omit<OwnDeletion, 'dataset'> {
  subject: string | null
  subjectHash: string
  requestedBy: string
  decidedBy: string | null
  proof?: string | null
  problem?: string | null
  removed?: number | null
  withdrawn?: number | null
}

/** A personal token without its secret. */
export interface Token {
  id: string
  displayName: string
  role: 'read' | 'write' | 'fineGrained'
  scopes: { dataset: string; permissions: ('read' | 'write')[] }[]
  ending: string
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
}

/** A session of the asker's. */
export interface OwnSession {
  id: string
  userAgent: string
  createdAt: string
  renewedAt: string
  expiresAt: string
  isCurrent: boolean
}

/** What a new token may do. */
export interface NewToken {
  displayName: string
  role: Token['role']
  scopes: Token['scopes']
  expiresInDays?: number
}

/** A dataset that the asker is owner or steward of, with what waits there. */
export interface DeskRow {
  dataset: string
  role: 'owner' | 'steward'
  gated: 'false' | 'auto' | 'manual'
  visibility: 'public' | 'private'
  pending: number
  raw: number
  deletions: number
  uses: number
  overdue: number
}

/** A request for access as its steward sees it. */
export interface AccessRequest {
  requestId: string
  user: { user: string; fullname: string; email: string | null }
  status: RequestStatus
  timestamp: string
  fields: Record<string, string | boolean>
  grantedBy?: { user: string }
  reason: string | null
  termsVersion: number
  expiresAt: string | null
}

/** What came of a decision on one person. */
export interface Decided {
  user: string
  isDone: boolean
  error?: string
}

/** What one person has read of a dataset. */
export interface Usage {
  actor: string
  action: string
  times: number
  bytes: number
  first: string
  last: string
}

/** A rule by e-mail domain. */
export interface DomainRule {
  domain: string
  decision: 'accept' | 'reject'
  days: number | null
}

/** One person's standing with one demand. */
export interface DemandState {
  id: string
  text: string
  issuedAt: string
  issuedBy: string
  dueAt: string
  user: string
  confirmedAt: string | null
  words: string | null
  isOverdue: boolean
}

/** A model, paper or other work that uses a dataset. */
export interface Use {
  id: string
  kind: 'model' | 'paper' | 'other'
  title: string
  url: string
  note: string
  status: 'pending' | 'approved' | 'declined'
  addedBy: string
  addedAt: string
}

/** Downloads by day or month; null where the count is too small to be told. */
export interface Downloads {
  by: 'day' | 'month'
  floor: number
  periods: { period: string; downloads: number | null; bytes: number | null; people: number | null }[]
}

/** An account as administrators see it. */
export interface Account {
  id: string
  user: string
  email: string
  fullname: string
  role: Role
  createdAt: string
  isDisabled?: boolean
}

/** What an account may do everywhere. */
export type Role = 'reader' | 'steward' | 'owner' | 'admin'

/** A message that the hub sent, or tries to send, about a dataset. */
export interface Notice {
  id: string
  kind: 'mail' | 'webhook'
  event: string
  createdAt: string
  sentAt: string | null
  failedAt: string | null
  attempts: number
  problem: string | null
}

/** What an owner has chosen beside gate and visibility. */
export interface ChosenSettings {
  grantDays?: number
  sampleRows?: number[]
}

/** How far the search index of a split is. */
export interface SplitIndex {
  config: string
  split: string
  state: 'ready' | 'queued' | 'building' | 'failed'
  nextTryAt?: string | null
}

/** A page of the ledger, newest first. `next` is the number to read on before; null at the end. */
export interface LedgerPage {
  entries: LedgerEntry[]
  next: number | null
}

const of = (dataset: string) => `/api/datasets/${dataset}`
const level = (one: Level) => (one === 'raw' ? '?level=raw' : '')

/** The server's routes that the pages for people, stewards and administrators use. */
export const deskApi = {
  access: (dataset: string, one: Level, signal: AbortSignal) => ask<Access>(`${of(dataset)}/access${level(one)}`, { signal }),
  askAccess: (dataset: string, one: Level, fields: Readonly<Record<string, unknown>>) =>
    ask<{ status: RequestStatus }>(`${of(dataset)}/user-access-request`, send('POST', { fields, level: one })),
  requests: (signal: AbortSignal) => ask<OwnRequest[]>('/api/settings/access-requests', { signal }),
  agreements: (signal: AbortSignal) => ask<Agreement[]>('/api/settings/agreements', { signal }),
  ownDemands: (signal: AbortSignal) => ask<OwnDemand[]>('/api/settings/licence-demands', { signal }),
  confirmDemand: (dataset: string, id: string, words: string) =>
    ask<unknown>(`${of(dataset)}/licence-demands/${id}/confirm`, send('POST', { words })),
  ownDeletions: (signal: AbortSignal) => ask<OwnDeletion[]>('/api/settings/deletion-requests', { signal }),
  askDeletion: (dataset: string, given: { kind: OwnDeletion['kind']; subject: string; reason: string }) =>
    ask<{ id: string; status: DeletionStatus }>(`${of(dataset)}/deletion-requests`, send('POST', given)),
  tokens: (signal: AbortSignal) => ask<Token[]>('/api/settings/tokens', { signal }),
  makeToken: (given: NewToken) => ask<{ token: string }>('/api/settings/tokens', send('POST', given)),
  revokeToken: (id: string) => ask<unknown>(`/api/settings/tokens/${id}`, { method: 'DELETE' }),
  sessions: (signal: AbortSignal) => ask<OwnSession[]>('/api/settings/sessions', { signal }),
  endSession: (id: string) => ask<unknown>(`/api/settings/sessions/${id}`, { method: 'DELETE' }),

  desk: (signal: AbortSignal) => ask<DeskRow[]>('/api/settings/desk', { signal }),
  /** All requests with a status, page after page. */
  asked: async (dataset: string, status: RequestStatus, one: Level, signal: AbortSignal) => {
    const all: AccessRequest[] = []
    for (;;) {
      const query = `limit=1000&skip=${all.length}&level=${one}`
      const page = await ask<AccessRequest[]>(`${of(dataset)}/user-access-request/${status}?${query}`, { signal })
      all.push(...page)
      if (page.length < 1000) return all
    }
  },
  decide: (
    dataset: string,
    given: { users: readonly string[]; status: RequestStatus; level: Level; rejectionReason?: string; expiresAt?: string },
  ) => ask<{ results: Decided[] }>(`${of(dataset)}/user-access-request/bulk`, send('POST', given)),
  grant: (dataset: string, given: { user: string; level: Level; expiresAt?: string }) =>
    ask<unknown>(`${of(dataset)}/user-access-request/grant`, send('POST', given)),
  usage: (dataset: string, signal: AbortSignal) => ask<Usage[]>(`${of(dataset)}/usage`, { signal }),
  rules: (dataset: string, one: Level, signal: AbortSignal) => ask<DomainRule[]>(`${of(dataset)}/access-rules${level(one)}`, { signal }),
  setRules: (dataset: string, one: Level, rules: readonly DomainRule[]) =>
    ask<unknown>(`${of(dataset)}/access-rules${level(one)}`, send('PUT', rules)),
  tickets: (dataset: string, signal: AbortSignal) => ask<Ticket[]>(`${of(dataset)}/deletion-requests`, { signal }),
  decideTicket: (dataset: string, id: string, given: { status: DeletionStatus; note: string; isProven?: boolean }) =>
    ask<unknown>(`${of(dataset)}/deletion-requests/${id}`, send('POST', given)),
  demands: (dataset: string, signal: AbortSignal) => ask<DemandState[]>(`${of(dataset)}/licence-demands`, { signal }),
  demand: (dataset: string, given: { text: string; dueAt: string }) =>
    ask<{ asked: number }>(`${of(dataset)}/licence-demands`, send('POST', given)),
  reconsent: (dataset: string, one: Level, by: string | null) => ask<unknown>(`${of(dataset)}/reconsent`, send('POST', { by, level: one })),
  remind: (dataset: string, id: string) => ask<{ reminded: number }>(`${of(dataset)}/licence-demands/${id}/remind`, send('POST', {})),
  notices: (dataset: string, signal: AbortSignal) => ask<Notice[]>(`${of(dataset)}/notices`, { signal }),
  webhook: (dataset: string, signal: AbortSignal) => ask<{ url: string | null; key: string | null }>(`${of(dataset)}/webhook`, { signal }),
  settings: async (dataset: string, signal: AbortSignal) =>
    (await ask<{ settings: ChosenSettings }>(`${of(dataset)}/settings`, { signal })).settings,
  setSettings: (dataset: string, given: Readonly<Record<string, unknown>>) => ask<unknown>(`${of(dataset)}/settings`, send('PUT', given)),
  setTerms: (dataset: string, one: Level, given: { heading: string; text: string; fields: readonly FormField[] }) =>
    ask<{ version: number }>(`${of(dataset)}/${one === 'raw' ? 'raw-terms' : 'terms'}`, send('PUT', given)),
  indexState: async (dataset: string, signal: AbortSignal) =>
    (await viewer<{ splits: SplitIndex[] }>('status', dataset, {}, signal)).splits,
  rebuildIndex: (dataset: string) => ask<unknown>(`${of(dataset)}/index`, send('POST', {})),
  ledger: (dataset: string, given: Readonly<Record<string, string>>, signal: AbortSignal) =>
    ask<LedgerPage>(`${of(dataset)}/ledger/page?${new URLSearchParams(given)}`, { signal }),

  sample: async (dataset: string, signal: AbortSignal) => (await ask<{ rows: Row[] }>(`/api/datasets/${dataset}/sample`, { signal })).rows,
  versions: (dataset: string, signal: AbortSignal) => ask<Version[]>(`${of(dataset)}/versions`, { signal }),
  uses: (dataset: string, signal: AbortSignal) => ask<Use[]>(`${of(dataset)}/uses`, { signal }),
  addUse: (dataset: string, given: { kind: string; title: string; url: string; note: string }) =>
    ask<{ status: Use['status'] }>(`${of(dataset)}/uses`, send('POST', given)),
  decideUse: (dataset: string, id: string, status: 'approved' | 'declined') =>
    ask<unknown>(`${of(dataset)}/uses/${id}`, send('POST', { status })),
  removeUse: (dataset: string, id: string) => ask<unknown>(`${of(dataset)}/uses/${id}`, { method: 'DELETE' }),
  downloads: (dataset: string, by: 'day' | 'month', signal: AbortSignal) => ask<Downloads>(`${of(dataset)}/downloads?by=${by}`, { signal }),
  search: async (dataset: string, query: string, signal: AbortSignal) => {
    const { splits } = await viewer<{ splits: { config: string; split: string }[] }>('splits', dataset, {}, signal)
    const [first] = splits
    if (!first) return { rows: [], num_rows_total: 0 }
    return viewer<{ rows: Row[]; num_rows_total: number }>(
      'search',
      dataset,
      { config: first.config, split: first.split, query, offset: 0, length: 3 },
      signal,
    )
  },

  users: (signal: AbortSignal) => ask<Account[]>('/api/admin/users', { signal }),
  makeUser: (given: { user: string; email: string; fullname: string; password?: string; role: Role }) =>
    ask<Account>('/api/admin/users', send('POST', given)),
  changeUser: (user: string, given: { role?: Role; isDisabled?: boolean }) =>
    ask<unknown>(`/api/admin/users/${encodeURIComponent(user)}`, send('PUT', given)),
  health: (signal: AbortSignal) => ask<{ status: string }>('/api/health', { signal }),
  metrics: async (signal: AbortSignal) => (await request('/api/metrics', { signal })).text(),
  wholeLedger: (given: Readonly<Record<string, string>>, signal: AbortSignal) =>
    ask<LedgerPage>(`/api/admin/ledger/page?${new URLSearchParams(given)}`, { signal }),
  checkLedger: () => ask<{ entries: number; head: string; brokenAt?: number }>('/api/admin/ledger/check'),

  /** Whether this server has a chat site: it tells its models. */
  hasChat: async (signal: AbortSignal) => {
    const response = await fetch('/api/models', { signal })
    // Read to its end: an answer that nobody reads keeps its connection busy.
    await response.text()
    return response.ok && (response.headers.get('content-type') ?? '').includes('json')
  },
  docs: (name: string, signal: AbortSignal) =>
    ask<{ name: string; title: string; text: string; pages: { name: string; title: string }[] }>(
      `/api/docs${name ? `/${encodeURIComponent(name)}` : ''}`,
      { signal },
    ),
} as const
