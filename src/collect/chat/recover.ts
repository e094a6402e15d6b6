import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Site } from '../site.ts'
import { titleOf } from './chat.ts'
import type { StoredTurn } from './turn.ts'

const Line = z.object({
  type: z.literal('chat'),
  start: z.number(),
  finish_reason: z.enum(['stop', 'length', 'stopped', 'error', 'blocked']),
  error: z.string().optional(),
  turn: z.object({ id: z.string(), parent: z.string().nullable(), side: z.union([z.literal(0), z.literal(1)]).optional() }),
  state: z.object({ conv_id: z.string(), messages: z.array(z.tuple([z.string(), z.string()])) }),
})

/** Days of the log that are looked through: the database is written right after the log. */
const recentDays = 2

/**
 * Takes up turns that the log has and the database has not, as after a kill between the two: what was acknowledged, or was about to be, is in the
 * history, and the same key finds it. Resolves to how many.
 */
export async function recoverTurns(site: Site): Promise<number> {
  const found = new Map<string, { conversations: string[]; turn: StoredTurn }>()
  for (const path of recentFiles(site.logFolder)) {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) takeLine(line, found)
  }
  if (found.size === 0) return 0
  const known = await site.database.select(z.object({ id: z.string() }), 'select id from collect_turns where id = any($1)', [
    [...found.keys()],
  ])
  for (const { id } of known) found.delete(id)
  let recovered = 0
  for (const { conversations, turn } of found.values()) {
    const chat = await site.store.find(conversations[0] ?? '')
    // A cleared or withdrawn conversation stays away; a battle whose second line is missing was never acknowledged.
    if (!chat || conversations.join() !== chat.logIds.join()) continue
    if (chat.title === '') chat.title = titleOf(turn.prompt)
    chat.turns.set(turn.id, turn)
    chat.head = turn.id
    await site.store.saveTurn(chat, turn)
    recovered++
  }
  return recovered
}

function recentFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^server\d+$/.test(name))
    .flatMap((server) => {
      const days = readdirSync(join(folder, server)).filter((name) => /^\d{4}-\d\d-\d\d-conv\.json$/.test(name))
      return days
        .sort()
        .slice(-recentDays)
        .map((day) => join(folder, server, day))
    })
}

function takeLine(line: string, found: Map<string, { conversations: string[]; turn: StoredTurn }>): void {
  const parsed = Line.safeParse(parse(line))
  if (!parsed.success) return
  const { start, finish_reason, error, turn, state } = parsed.data
  const [prompt, answer] = state.messages.slice(-2).map(([, text]) => text)
  if (prompt === undefined || answer === undefined) return
  const held = found.get(turn.id) ?? {
    conversations: [],
    turn: { id: turn.id, parent: turn.parent, prompt, madeAt: Math.round(start * 1000), notice: null, answers: [] },
  }
  found.set(turn.id, held)
  held.conversations[turn.side ?? 0] = state.conv_id
  held.turn.answers[turn.side ?? 0] = {
    text: answer,
    finish: finish_reason,
    error: error ?? null,
    firstTokenMs: null,
    tokensPerSecond: null,
    verdict: null,
    isFlagged: false,
    categories: [],
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
