import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Database, Queries, SqlValue } from '../storage/database.ts'

/** Something that happened, as the ledger keeps it. No message text, no token, no network address. */
export interface LedgerEvent {
  /** Name of the account, or `anonymous`, or `hub` for what the hub does by itself. */
  actor: string
  /** `subject.pastVerb`, such as `file.downloaded` or `request.accepted`. */
  action: string
  dataset?: string
  revision?: string
  path?: string
  bytes?: number
  detail?: Record<string, string | number | boolean | null | readonly string[]>
}

/** One entry of the chain. `hash` covers all other fields, and `previous` is the entry's before it (64 zeros for the first). */
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
  previous: string
  hash: string
}

/** The hub's append-only record. */
export interface Ledger {
  /** Adds an event; resolves once it is stored. Events that come while others are being stored are stored together, in the order they came. */
  append(event: LedgerEvent): Promise<void>
}

const Head = z.object({ number: z.number(), hash: z.string() })
type Head = z.infer<typeof Head>

const Entry: z.ZodType<LedgerEntry> = z.object({
  number: z.number(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  dataset: z.string().nullable(),
  revision: z.string().nullable(),
  path: z.string().nullable(),
  bytes: z.number().nullable(),
  detail: z.record(z.string(), z.unknown()),
  previous: z.string(),
  hash: z.string(),
})

/** Opens the ledger for appending. */
export function openLedger(database: Database, now: () => Date): Ledger {
  let waiting: { event: LedgerEvent; resolve(): void; reject(error: unknown): void }[] = []
  let writing = false
  const append = openGroups(database)
  // Behind everything that has arrived by now: one event takes .6 ms of processor time in PGlite, each further one of its group .1.
  const drainSoon = () => {
    writing = waiting.length > 0
    if (writing) setImmediate(() => void drain())
  }
  const drain = async () => {
    const batch = waiting
    waiting = []
    try {
      await append(
        batch.map(({ event }) => event),
        now(),
      )
      for (const { resolve } of batch) resolve()
    } catch (error) {
      // One event that cannot be stored must not take the others with it. After any other failure the group may be there, so it is not sent again.
      if (batch.length > 1 && isBadData(error))
        for (const { event, resolve, reject } of batch) await append([event], now()).then(resolve, reject)
      else for (const { reject } of batch) reject(error)
    }
    drainSoon()
  }
  return {
    append: (event) =>
      new Promise((resolve, reject) => {
        waiting.push({ event, resolve, reject })
        if (!writing) drainSoon()
      }),
  }
}

/** SQLSTATE class 22: the statement's values, not the database. */
const isBadData = (error: unknown): boolean => error instanceof Error && 'code' in error && String(error.code).startsWith('22')

const ENTRIES = `jsonb_to_recordset($1::jsonb) as entries (
  number bigint, at text, actor text, action text, dataset text, revision text, path text, bytes bigint, detail jsonb, previous text, hash text)`
const COLUMNS = 'number, at, actor, action, dataset, revision, path, bytes, detail, previous, hash'

/** How often a group is tried by one statement before it waits for its turn in a transaction. */
const TRIES = 2

/**
 * Appends a group of events by one statement: it moves the head from where this server last saw it and adds the entries, or, where another server or a
 * decision has moved it since, changes nothing; then the head is read and the group chained anew.
 */
function openGroups(database: Database): (events: readonly LedgerEvent[], at: Date) => Promise<void> {
  let head: Head | undefined
  return async (events, at) => {
    for (let tried = 0; tried < TRIES; tried += 1) {
      head ??= (await database.select(Head, 'select number, hash from ledger_head'))[0]
      if (!head) throw new Error('the ledger has no head')
      const entries = chain(events, head, at)
      const next = headOf(entries, head)
      const stored = await database.record(
        `with moved as (update ledger_head set number = $2, hash = $3 where number = $4 and hash = $5 returning 1)
         insert into ledger (${COLUMNS}) select ${COLUMNS} from moved, ${ENTRIES}`,
        [JSON.stringify(entries), next.number, next.hash, head.number, head.hash],
      )
      head = stored === entries.length ? next : undefined
      if (head) return
    }
    await database.transaction((queries) => appendEntries(queries, events, at))
  }
}

/** Appends events inside a transaction of the caller's, so that a decision and its entry stand or fall together. */
export async function appendEntries(queries: Queries, events: readonly LedgerEvent[], at: Date): Promise<void> {
  // The head's row is locked until the transaction ends: two servers on one database write one chain.
  const [head] = await queries.select(Head, 'select number, hash from ledger_head for update')
  if (!head) throw new Error('the ledger has no head')
  const entries = chain(events, head, at)
  const { number, hash } = headOf(entries, head)
  await queries.change(`insert into ledger (${COLUMNS}) select ${COLUMNS} from ${ENTRIES}`, [JSON.stringify(entries)])
  await queries.change('update ledger_head set number = $1, hash = $2', [number, hash])
}

/** The entries of events that follow a head. */
function chain(events: readonly LedgerEvent[], head: Head, at: Date): LedgerEntry[] {
  let { number, hash } = head
  return events.map((event) => {
    number += 1
    const entry = {
      number,
      at: at.toISOString(),
      actor: event.actor,
      action: event.action,
      dataset: event.dataset ?? null,
      revision: event.revision ?? null,
      path: event.path ?? null,
      bytes: event.bytes ?? null,
      detail: event.detail ?? {},
      previous: hash,
    }
    hash = hashEntry(entry)
    return { ...entry, hash }
  })
}

const headOf = (entries: readonly LedgerEntry[], before: Head): Head => entries.at(-1) ?? before

/** SHA-256 of an entry's fields as JSON with sorted keys. Anyone with the export can compute it. */
function hashEntry(entry: Omit<LedgerEntry, 'hash'>): string {
  const { number, at, actor, action, dataset, revision, path, bytes, detail, previous } = entry
  const fields = { action, actor, at, bytes, dataset, detail, number, path, previous, revision }
  return createHash('sha256').update(sortedJson(fields)).digest('hex')
}

/** Entries in order, a page of at most 1,000 at a time. */
export async function* readLedger(queries: Queries, filter: { dataset?: string; after?: number } = {}): AsyncIterable<LedgerEntry[]> {
  for (let after = filter.after ?? 0; ; ) {
    const page = await queries.select(
      Entry,
      'select * from ledger where number > $1 and ($2::text is null or dataset = $2) order by number limit 1000',
      [after, filter.dataset ?? null],
    )
    if (page.length === 0) return
    yield page
    after = page.at(-1)?.number ?? after
  }
}

/** Entries that a statement over the table `ledger` selects, read as such. */
export function parseEntries(queries: Queries, sql: string, values: readonly SqlValue[]): Promise<LedgerEntry[]> {
  return queries.select(Entry, sql, values)
}

/** What a check of the chain found. `brokenAt` is the first entry that does not follow from the one before. */
export interface LedgerCheck {
  entries: number
  head: string
  brokenAt?: number
}

/** Recomputes the whole chain: numbers without a gap, each hash, each link, and the head. */
export async function verifyLedger(queries: Queries): Promise<LedgerCheck> {
  const check = await verifyEntries(readLedger(queries))
  const [head] = await queries.select(Head, 'select number, hash from ledger_head')
  if (check.brokenAt === undefined && (head?.number !== check.entries || head.hash !== check.head))
    return { ...check, brokenAt: check.entries + 1 }
  return check
}

/** The same for an export, where no database is at hand. */
export async function verifyEntries(pages: AsyncIterable<readonly LedgerEntry[]>): Promise<LedgerCheck> {
  let entries = 0
  let head = '0'.repeat(64)
  for await (const page of pages) {
    for (const entry of page) {
      if (entry.number !== entries + 1 || entry.previous !== head || hashEntry(entry) !== entry.hash)
        return { entries, head, brokenAt: entries + 1 }
      entries += 1
      head = entry.hash
    }
  }
  return { entries, head }
}

/** One line of an export, parsed. */
export const parseEntry = (line: string): LedgerEntry => Entry.parse(JSON.parse(line))

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${sortedJson(item)}`).join(',')}}`
}
