import { z } from 'zod'
import type { Database } from '../../storage/database.ts'
import { createBatch } from './batch.ts'
import { type Chat, FactsRow } from './chat.ts'
import { type StoredTurn, TurnRow } from './turn.ts'

/** Conversations: kept ones in the database with a cache before it, those not kept in memory alone. */
export interface ChatStore {
  /** Adds a conversation. */
  add(chat: Chat): Promise<void>
  find(id: string): Promise<Chat | undefined>
  /** A person's conversations that have turns, latest first; `before`: milliseconds since 1970. */
  list(person: string, before: number, limit: number): Promise<Chat[]>
  /** Stores the facts of a conversation. */
  save(chat: Chat): Promise<void>
  /** Stores a turn, and the facts of its conversation. */
  saveTurn(chat: Chat, turn: StoredTurn): Promise<void>
  /** Takes conversations out of the history; their turns and links are gone, their ids remain for a withdrawal. */
  clear(chats: readonly Chat[]): Promise<void>
  /** Ids that the log knows a person's conversations by. */
  logIds(person: string): Promise<string[]>
  /** Deletes everything of a person but what the database keeps elsewhere. */
  forget(person: string): Promise<void>
  /** Conversations with a turn under way. */
  running(person?: string): Chat[]
  /** Stops all turns and waits for their record. */
  stopAll(): Promise<void>
}

const ChatRow = z.object({
  id: z.string(),
  person: z.string(),
  kind: z.enum(['chat', 'battle', 'compare']),
  facts: FactsRow,
  created_at: z.date(),
  updated_at: z.date(),
  share: z.string().nullable(),
  share_turn: z.string().nullable(),
})
const TurnData = z.object({ data: TurnRow })
const columns = `c.id, c.person, c.kind, c.facts, c.created_at, c.updated_at, s.id as share, s.turn as share_turn
  from collect_chats c left join collect_shares s on s.chat = c.id`

/** Conversations held in memory: about 2,000 kept ones that can be read again, and those not kept for a day after their last turn. */
const cached = 2000
const unkept = 20_000
const unkeptMs = 24 * 3600 * 1000

/** Opens the store on the database. */
export function openStore(database: Database, now: () => Date): ChatStore {
  const cache = new Map<string, Chat>()
  const memory = new Map<string, Chat>()
  const putChat = createBatch<Chat>(async (chats) => {
    await database.change(upsertChats, [JSON.stringify(chats.map(toRow))])
  }, idOf)
  const putTurn = createBatch<{ chat: string; turn: StoredTurn }>(
    async (items) => {
      await database.change(upsertTurns, [
        JSON.stringify(items.map(({ chat, turn }) => ({ id: turn.id, chat, made_at: new Date(turn.madeAt), data: turn }))),
      ])
    },
    ({ turn }) => turn.id,
  )

  /** Keeps the latest used; one with a turn under way stays whatever its age. */
  const remember = (chat: Chat) => {
    const [held, most] = chat.keep ? [cache, cached] : [memory, unkept]
    held.delete(chat.id)
    held.set(chat.id, chat)
    if (held.size > most) for (const old of [...held.values()].slice(0, 100)) if (!old.live) held.delete(old.id)
  }
  const sweep = () => {
    const oldest = now().getTime() - unkeptMs
    for (const chat of memory.values()) if (!chat.live && chat.updatedAt < oldest) memory.delete(chat.id)
  }
  const load = async (row: z.infer<typeof ChatRow>): Promise<Chat> => {
    const turns = await database.select(TurnData, 'select data from collect_turns where chat = $1 order by made_at, id', [row.id])
    const share = row.share !== null && row.share_turn !== null ? { id: row.share, turn: row.share_turn } : null
    return { ...fromRow(row), turns: new Map(turns.map(({ data }) => [data.id, data])), share }
  }
  const everyone = () => [...cache.values(), ...memory.values()]
  const running = (person?: string) => everyone().filter((chat) => chat.live && (person === undefined || chat.person === person))
  const stop = async (chats: readonly Chat[]) => {
    for (const { live } of chats) live?.stopping.abort()
    await Promise.all(chats.map(({ live }) => live?.settled))
  }

  return {
    async add(chat) {
      sweep()
      remember(chat)
      if (chat.keep) await putChat(chat)
    },
    async find(id) {
      const held = cache.get(id) ?? memory.get(id)
      if (held) {
        remember(held)
        return held
      }
      const [row] = await database.select(ChatRow, `select ${columns} where c.id = $1`, [id])
      if (!row || row.facts.isCleared) return undefined
      const chat = await load(row)
      // Another request may have loaded it meanwhile, and a turn may be under way there.
      const other = cache.get(id)
      if (other) return other
      remember(chat)
      return chat
    },
    async list(person, before, limit) {
      sweep()
      const sql = `select ${columns} where c.person = $1 and c.is_listed and c.updated_at < $2 order by c.updated_at desc limit $3`
      const rows = await database.select(ChatRow, sql, [person, new Date(before), limit])
      const kept = rows.map(
        (row) =>
          cache.get(row.id) ?? { ...fromRow(row), share: row.share && row.share_turn ? { id: row.share, turn: row.share_turn } : null },
      )
      const others = [...memory.values()].filter((chat) => chat.person === person && chat.head !== null && chat.updatedAt < before)
      return [...kept, ...others].sort((a, b) => b.updatedAt - a.updatedAt).slice(0, limit)
    },
    async save(chat) {
      remember(chat)
      if (chat.keep) await putChat(chat)
    },
    async saveTurn(chat, turn) {
      remember(chat)
      if (chat.keep) await Promise.all([putChat(chat), putTurn({ chat: chat.id, turn })])
    },
    async clear(chats) {
      await stop(chats)
      for (const { id } of chats) {
        memory.delete(id)
        cache.delete(id)
      }
      const ids = chats.filter(({ keep }) => keep).map(({ id }) => id)
      if (ids.length === 0) return
      await database.transaction(async (queries) => {
        await queries.change('delete from collect_turns where chat = any($1)', [ids])
        await queries.change('delete from collect_shares where chat = any($1)', [ids])
        await queries.change(
          `update collect_chats set is_listed = false, facts = facts || '{"title": "", "head": null, "isCleared": true}' where id = any($1)`,
          [ids],
        )
      })
    },
    async logIds(person) {
      const rows = await database.select(z.object({ facts: FactsRow }), 'select facts from collect_chats where person = $1', [person])
      return rows.flatMap(({ facts }) => facts.logIds)
    },
    async forget(person) {
      await stop(running(person))
      for (const chat of everyone()) {
        if (chat.person !== person) continue
        memory.delete(chat.id)
        cache.delete(chat.id)
      }
      await database.change('delete from collect_chats where person = $1', [person])
    },
    running,
    stopAll: () => stop(running()),
  }
}

const upsertChats = `insert into collect_chats (id, person, kind, facts, created_at, updated_at, is_listed)
  select id, person, kind, facts, created_at, updated_at, is_listed from jsonb_to_recordset($1::jsonb)
    as rows(id text, person text, kind text, facts jsonb, created_at timestamptz, updated_at timestamptz, is_listed boolean)
  on conflict (id) do update set facts = excluded.facts, updated_at = excluded.updated_at, is_listed = excluded.is_listed`
/** A turn whose conversation was deleted meanwhile is left out. */
const upsertTurns = `insert into collect_turns (id, chat, made_at, data)
  select rows.id, chat, made_at, data from jsonb_to_recordset($1::jsonb) as rows(id text, chat text, made_at timestamptz, data jsonb)
    where exists (select from collect_chats where collect_chats.id = chat)
  on conflict (id) do update set data = excluded.data`

const idOf = ({ id }: { id: string }) => id

function toRow({ id, person, kind, createdAt, updatedAt, title, models, parameters, logIds, head, vote, hasLeaked, isCleared }: Chat) {
  const facts = { title, models, parameters, logIds, head, vote, hasLeaked, isCleared }
  return { id, person, kind, facts, created_at: new Date(createdAt), updated_at: new Date(updatedAt), is_listed: head !== null }
}

function fromRow({ id, person, kind, facts, created_at, updated_at }: z.infer<typeof ChatRow>): Chat {
  const times = { createdAt: created_at.getTime(), updatedAt: updated_at.getTime() }
  return { id, person, kind, keep: true, ...facts, ...times, turns: new Map(), live: undefined, share: null }
}
