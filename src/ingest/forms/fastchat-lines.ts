import { createHash } from 'node:crypto'
import type { Battle, Message, Outcome } from '../../conversation.ts'
import { type BattleEntry, type ChatEntry, type Entry, type JsonObject, LineRefusal, type VoteEntry } from '../entry.ts'
import { arrayOf, idOf, modelOf, nonEmpty, objectOf, requiredId, storable, textOrUndefined, timeOf, unwrapJson } from '../fields.ts'

const winners: ReadonlyMap<string, Battle['winner']> = new Map([
  ['leftvote', 'model_a'],
  ['rightvote', 'model_b'],
  ['tievote', 'tie'],
  ['bothbad_vote', 'tie (bothbad)'],
])

const outcomes: ReadonlyMap<string, Outcome> = new Map([
  ['upvote', { vote: 'upvote' }],
  ['downvote', { vote: 'downvote' }],
  ['flag', { flagged: true }],
  ['share', { shared: true }],
])

/** Reads one line of FastChat's types; our own event log has the same ones. */
export function readFastChat(record: JsonObject): Entry {
  const type = typeof record.type === 'string' ? record.type : ''
  if (type === 'chat') return readChat(record)
  const winner = winners.get(type)
  if (winner) return readBattle(record, winner)
  const outcome = outcomes.get(type)
  if (outcome) return readVote(record, outcome)
  return { kind: 'refused', reason: 'type-unknown' }
}

function readChat(record: JsonObject): ChatEntry {
  const state = objectOf(unwrapJson(record.state), 'messages-missing')
  return chatEntry(record, state, modelOf(record.model), readMessages(state))
}

/** Both sides of a battle may end in an answer that never came (null): it is left out of the side that stands in for a chat line. */
function readSide(record: JsonObject, state: JsonObject, model: string): ChatEntry {
  return chatEntry(record, state, model, readMessages(state, 'without-open-turn'))
}

function chatEntry(record: JsonObject, state: JsonObject, model: string, messages: Message[]): ChatEntry {
  if (state.has_csam_image === true) throw new LineRefusal('csam-image')
  const at = timeOf(record.tstamp)
  const address = textOrUndefined(record.ip)
  return {
    kind: 'conversation',
    id: requiredId(state.conv_id),
    model,
    messages,
    ...(at === undefined ? {} : { startedAt: at }),
    ...(address === undefined ? {} : { address }),
  }
}

/** `messages[offset:]`, roles by index, as clean_chat_data.py has them; what lies before the offset is the template's examples. */
function readMessages(state: JsonObject, openTurn?: 'without-open-turn'): Message[] {
  const offset = state.offset ?? 0
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) throw new LineRefusal('messages-missing')
  const all = arrayOf(unwrapJson(state.messages), 'messages-missing').slice(offset)
  const last = all.at(-1)
  const isOpen = openTurn !== undefined && Array.isArray(last) && last[1] === null
  return nonEmpty(
    (isOpen ? all.slice(0, -1) : all).map((item, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: textOf(arrayOf(unwrapJson(item), 'content-not-text')[1]),
    })),
  )
}

/** A vision user's text is `[text, [images]]`; the images (hashes once saved) are not text and stay out. */
function textOf(content: unknown): string {
  return storable(Array.isArray(content) && Array.isArray(content[1]) ? content[0] : content)
}

function readVote(record: JsonObject, outcome: Outcome): VoteEntry {
  const states = record.states === undefined ? [record.state] : arrayOf(unwrapJson(record.states), 'messages-missing')
  const ids = states.map((state) => requiredId(objectOf(unwrapJson(state), 'id-invalid').conv_id))
  const [id, also] = ids
  if (id === undefined) throw new LineRefusal('id-invalid')
  const at = timeOf(record.tstamp)
  const reason = textOrUndefined(record.reason)
  return {
    kind: 'vote',
    id,
    ...(also === undefined ? {} : { also }),
    ...(at === undefined ? {} : { at }),
    outcome: reason === undefined ? outcome : { ...outcome, reason: storable(reason) },
  }
}

function readBattle(record: JsonObject, winner: Battle['winner']): BattleEntry {
  const states = arrayOf(unwrapJson(record.states), 'battle-invalid').map((state) => objectOf(unwrapJson(state), 'battle-invalid'))
  const [a, b] = states
  if (!a || !b || states.length !== 2) throw new LineRefusal('battle-invalid')
  const { models, anonymous } = readModels(record, a, b)
  const sides: [ChatEntry, ChatEntry] = [readSide(record, a, models[0]), readSide(record, b, models[1])]
  const id = battleId(sides)
  const at = timeOf(record.tstamp)
  const address = textOrUndefined(record.ip)
  return {
    kind: 'battle',
    id: idOf(record.battle_id) ?? id,
    winner,
    anonymous,
    sides,
    ...(at === undefined ? {} : { at }),
    ...(address === undefined ? {} : { address }),
  }
}

/** The two conversations make the battle: a second vote on the same pair is the same battle. */
function battleId([a, b]: readonly [ChatEntry, ChatEntry]): string {
  if (a.id === undefined || b.id === undefined || a.id === b.id) throw new LineRefusal('battle-invalid')
  return createHash('sha256').update(`${a.id}\n${b.id}`).digest('hex').slice(0, 32)
}

/**
 * What the voter saw, and the true names, by clean_battle_data.py's rules: two empty names are a blind battle; one empty name, or shown names
 * that are not the true ones, make the line invalid. `### Model A: name` is what the selector reads after the reveal.
 */
function readModels(record: JsonObject, a: JsonObject, b: JsonObject): { models: [string, string]; anonymous: boolean } {
  const shown = arrayOf(unwrapJson(record.models), 'battle-invalid').map(shownName)
  const [shownA, shownB] = shown
  if (shownA === undefined || shownB === undefined || (shownA === '') !== (shownB === '')) throw new LineRefusal('battle-invalid')
  const hidden = [a.model_name, b.model_name]
  const anonymous = shownA === ''
  const names: [unknown, unknown] = [hidden[0] ?? shownA, hidden[1] ?? shownB]
  const models: [string, string] = [modelOf(names[0]), modelOf(names[1])]
  if (!anonymous && (shownA !== models[0] || shownB !== models[1])) throw new LineRefusal('battle-invalid')
  return { models, anonymous }
}

function shownName(value: unknown): string {
  if (typeof value !== 'string') throw new LineRefusal('battle-invalid')
  return value
    .replace(/^<h3>(.*?)<\/h3>\s*$/s, '$1')
    .replace(/^(### )?Model [AB](:\s*|$)/, '')
    .trim()
}
