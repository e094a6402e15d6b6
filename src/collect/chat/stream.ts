import type { Chat } from './chat.ts'
import { type LiveTurn, storedAnswer } from './live.ts'
import type { StoredTurn } from './turn.ts'
import { viewAnswer, viewTurn } from './view.ts'

/** How far a listener has read: characters of each side, and which of the other events (bits: 1, 2 answers, 4 notice). Written `12.40.1`. */
interface Position {
  read: number[]
  told: number
}

const notice = 4
const keepAliveMs = 15_000
const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Asks nginx not to hold events back.
  'X-Accel-Buffering': 'no',
}

/** A turn as server-sent events from a position on: what is there at once, the rest as it comes. */
export function streamTurn(chat: Chat, turn: LiveTurn | StoredTurn, after: string): Response {
  const position = parsePosition(after)
  const events = 'answers' in turn ? finishedEvents(chat, turn, position) : liveEvents(chat, turn, position)
  const encoder = new TextEncoder()
  let timer: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(encoder.encode(': keep-alive\n\n')), keepAliveMs)
    },
    async pull(controller) {
      const { value, done } = await events.next()
      if (!done) controller.enqueue(encoder.encode(value))
      else {
        clearInterval(timer)
        controller.close()
      }
    },
    async cancel() {
      clearInterval(timer)
    },
  })
  return new Response(body, { headers })
}

function parsePosition(after: string): Position {
  const parts = /^(\d{1,9})\.(\d{1,9})\.([0-7])$/.exec(after)
  return parts ? { read: [Number(parts[1]), Number(parts[2])], told: Number(parts[3]) } : { read: [0, 0], told: 0 }
}

const print = (event: string, data: unknown, { read, told }: Position) =>
  `id: ${read[0] ?? 0}.${read[1] ?? 0}.${told}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

async function* liveEvents(chat: Chat, live: LiveTurn, position: Position): AsyncGenerator<string, void> {
  for (;;) {
    // Asked before reading, so that nothing that comes meanwhile is slept through.
    const changed = live.changed()
    if (live.done) {
      yield* finishedEvents(chat, live.done, position)
      return
    }
    let printed = newNotice(live.notice, position)
    for (const [side, { text, ended }] of live.sides.entries()) {
      printed += newText(side, text, position)
      if (ended) printed += newAnswer(chat, side, storedAnswer(live.sides[side] ?? throwMissing()), position)
    }
    if (printed !== '') yield printed
    if (live.lost) {
      yield print('lost', live.lost, position)
      return
    }
    await changed
  }
}

async function* finishedEvents(chat: Chat, turn: StoredTurn, position: Position): AsyncGenerator<string, void> {
  let printed = newNotice(turn.notice, position)
  for (const [side, answer] of turn.answers.entries()) {
    printed += newText(side, answer.text, position) + newAnswer(chat, side, answer, position)
  }
  yield printed + print('done', { turn: viewTurn(chat, turn) }, position)
}

function newNotice(given: StoredTurn['notice'], position: Position): string {
  if (!given || position.told & notice) return ''
  position.told |= notice
  return print('notice', given, position)
}

function newText(side: number, text: string, position: Position): string {
  const from = position.read[side] ?? 0
  if (text.length <= from) return ''
  position.read[side] = text.length
  return print('text', { side, text: text.slice(from) }, position)
}

function newAnswer(chat: Chat, side: number, answer: StoredTurn['answers'][number], position: Position): string {
  const bit = side + 1
  if (position.told & bit) return ''
  position.told |= bit
  return print('answer', { side, answer: viewAnswer(chat, answer) }, position)
}

function throwMissing(): never {
  throw new RangeError('a turn without this side')
}
