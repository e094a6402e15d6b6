import type { Consent } from '../../conversation.ts'
import { type Entry, type Form, type JsonObject, LineRefusal } from '../entry.ts'
import { arrayOf, isObject, requiredId, storable, timeOf } from '../fields.ts'
import { readFastChat } from './fastchat-lines.ts'

/**
 * Our own event log: FastChat's line types and field names, with `schema`, `consent {terms, acceptedAt}`, and `user` (a keyed hash) in place
 * of `ip`.
 */
export const events: Form = {
  name: 'events',
  matches: (record) => typeof record.type === 'string' && 'tstamp' in record && typeof record.schema === 'number',
  read: readEvent,
}

/** Reads one line of our own log: FastChat's lines with more fields. */
export function readEvent(record: JsonObject): Entry {
  if (record.type === 'withdrawal') return readWithdrawal(record)
  const entry = readFastChat(record)
  const user = userOf(record)
  if (entry.kind === 'conversation') {
    const consent = consentOf(record.consent)
    return { ...entry, ...user, ...(consent ? { consent } : {}) }
  }
  return entry.kind === 'battle' ? withSides(entry, user, consentOf(record.consent)) : entry
}

function readWithdrawal({ user, conversations }: JsonObject): Entry {
  if (typeof user !== 'string' || !/^[0-9a-f]{64}$/.test(user)) throw new LineRefusal('id-invalid')
  if (conversations === undefined) return { kind: 'withdrawal', user }
  return { kind: 'withdrawal', user, conversations: arrayOf(conversations, 'id-invalid').map(requiredId) }
}

type BattleEntry = Extract<Entry, { kind: 'battle' }>

function withSides(entry: BattleEntry, user: { user?: string; address?: string }, consent: Consent | undefined): BattleEntry {
  const more = { ...user, ...(consent ? { consent } : {}) }
  const [a, b] = entry.sides
  return {
    ...entry,
    ...user,
    sides: [
      { ...a, ...more },
      { ...b, ...more },
    ],
  }
}

/** A user that is no keyed hash (64 hex digits) is a name, and is hashed like an address. */
function userOf(record: JsonObject): { user?: string; address?: string } {
  if (typeof record.user !== 'string' || record.user === '') return {}
  return /^[0-9a-f]{64}$/.test(record.user) ? { user: record.user } : { address: record.user }
}

function consentOf(value: unknown): Consent | undefined {
  if (!isObject(value) || typeof value.terms !== 'string') return undefined
  const at = timeOf(value.acceptedAt)
  return at === undefined ? undefined : { terms: storable(value.terms), acceptedAt: new Date(at).toISOString() }
}
