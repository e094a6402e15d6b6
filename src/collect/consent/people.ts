import { createHash, createHmac, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Consent } from '../../conversation.ts'
import type { Database } from '../../storage/database.ts'

/** People, as keyed hashes, and what they accepted. */
export interface People {
  /** The person of a cookie's secret; undefined where it is none of ours. */
  ofCookie(cookie: string | undefined): string | undefined
  /** The person that an account is at present. */
  ofAccount(account: string): Promise<string>
  /** A new cookie's secret. */
  makeCookie(): string
  /** Records that a person accepted terms; `account` where the person is a hub account. */
  accept(person: string, terms: string, account: string | undefined): Promise<Consent>
  /** Whether a person has withdrawn: they must become another one to chat again. */
  isWithdrawn(person: string): Promise<boolean>
  /** The person's latest acceptance; undefined where there is none, or it was withdrawn. */
  consentOf(person: string): Promise<Consent | undefined>
  /** The code that withdraws everything of a person. */
  receiptOf(person: string): string
  /** The person of a receipt, and when it was used; undefined for a code that nobody has. */
  findReceipt(receipt: string): Promise<{ person: string; withdrawnAt: Date | null } | undefined>
  /** Marks a person as withdrawn: their cookie is over, and their account is another person from now on. */
  withdraw(person: string): Promise<void>
}

const AcceptanceRow = z.object({ terms: z.string(), accepted_at: z.date(), withdrawn_at: z.date().nullable() })
const remembered = 10_000
/** Letters and digits that cannot be mistaken for one another. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** People in the database. `secret` keys every hash: without it nobody can tell whose a hash is. */
export function createPeople(database: Database, { secret, now }: { secret: Buffer; now: () => Date }): People {
  const keyed = (kind: string, text: string) => createHmac('sha256', secret).update(`${kind}\n${text}`)
  const consents = new Map<string, Consent>()
  const accounts = new Map<string, string>()

  const receiptOf = (person: string) => {
    const letters = [...keyed('receipt', person).digest().subarray(0, 20)].map((byte) => alphabet.charAt(byte % 32)).join('')
    return letters.replace(/(.{5})(?=.)/g, '$1-')
  }

  return {
    ofCookie: (cookie) => (cookie !== undefined && /^[A-Za-z0-9_-]{43}$/.test(cookie) ? keyed('person', cookie).digest('hex') : undefined),
    async ofAccount(account) {
      const held = accounts.get(account)
      if (held) return held
      const key = keyed('account', account).digest('hex')
      const sql = 'select generation from collect_accounts where account = $1'
      const [row] = await database.select(z.object({ generation: z.number() }), sql, [key])
      const person = keyed('person', `account\n${account}\n${row?.generation ?? 0}`).digest('hex')
      if (accounts.size >= remembered) accounts.clear()
      accounts.set(account, person)
      return person
    },
    makeCookie: () => randomBytes(32).toString('base64url'),
    async isWithdrawn(person) {
      const sql = 'select id from collect_people where id = $1 and withdrawn_at is not null'
      return (await database.select(z.object({ id: z.string() }), sql, [person])).length > 0
    },
    async accept(person, terms, account) {
      const at = now()
      const accountKey = account === undefined ? null : keyed('account', account).digest('hex')
      await database.transaction(async (queries) => {
        const row = [person, hashReceipt(receiptOf(person)), accountKey, at]
        await queries.change(
          'insert into collect_people (id, receipt, account, created_at) values ($1, $2, $3, $4) on conflict (id) do nothing',
          row,
        )
        const sql = `insert into collect_acceptances (person, terms, accepted_at) values ($1, $2, $3)
          on conflict (person, terms) do update set accepted_at = excluded.accepted_at`
        await queries.change(sql, [person, terms, at])
      })
      const consent = { terms, acceptedAt: at.toISOString() }
      consents.set(person, consent)
      return consent
    },
    async consentOf(person) {
      const held = consents.get(person)
      if (held) return held
      const sql = `select terms, accepted_at, withdrawn_at from collect_acceptances join collect_people on id = person
        where person = $1 order by accepted_at desc limit 1`
      const [row] = await database.select(AcceptanceRow, sql, [person])
      if (!row || row.withdrawn_at) return undefined
      const consent = { terms: row.terms, acceptedAt: row.accepted_at.toISOString() }
      if (consents.size >= remembered) consents.clear()
      consents.set(person, consent)
      return consent
    },
    receiptOf,
    async findReceipt(receipt) {
      const row = z.object({ id: z.string(), withdrawn_at: z.date().nullable() })
      const [found] = await database.select(row, 'select id, withdrawn_at from collect_people where receipt = $1', [hashReceipt(receipt)])
      return found && { person: found.id, withdrawnAt: found.withdrawn_at }
    },
    async withdraw(person) {
      consents.delete(person)
      await database.transaction(async (queries) => {
        await queries.change('update collect_people set withdrawn_at = $2 where id = $1', [person, now()])
        await queries.change('delete from collect_acceptances where person = $1', [person])
        const sql = `insert into collect_accounts (account, generation) select account, 1 from collect_people where id = $1 and account is not null
          on conflict (account) do update set generation = collect_accounts.generation + 1`
        await queries.change(sql, [person])
      })
      consents.delete(person)
      accounts.clear()
    },
  }
}

/** Codes are compared without their dashes and case. */
export const hashReceipt = (receipt: string): string =>
  createHash('sha256')
    .update(receipt.toUpperCase().replace(/[^A-Z0-9]/g, ''))
    .digest('hex')
