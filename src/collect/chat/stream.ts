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

/**
 * A turn as server-sent events from a position on: what is there at once, the rest as it comes. What comes within one tick is one piece, and a listener that
 * reads slowly gets what has gathered meanwhile in one piece, so that nothing is held for it twice.
 */
export function streamTurn(chat: Chat, turn: LiveTurn | StoredTurn, after: string): Response {
  const position = parsePosition(after)
  const encoder = new TextEncoder()
  let isWaiting = false
  let isOver = false
  let close = () => {}
  const send = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    isWaiting = false
    if (isOver || (controller.desiredSize ?? 0) <= 0) return
    const news = readNews(chat, turn, position)
    // First of all, since giving a piece away may ask for the next one at once.
    if (news.isLast) close()
    if (news.text !== '') controller.enqueue(encoder.encode(news.text))
    if (news.isLast) controller.close()
  }
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const timer = setInterval(() => controller.enqueue(encoder.encode(': keep-alive\n\n')), keepAliveMs)
      const hear = () => {
        if (!isWaiting) setImmediate(send, controller)
        isWaiting = true
      }
      const leave = 'answers' in turn ? () => {} : turn.listen(hear)
      close = () => {
        isOver = true
        clearInterval(timer)
        leave()
      }
    },
    pull: send,
    cancel: () => close(),
  })
  return new Response(body, { headers })
}

function parsePosition(after: string): Position {
  const parts = /^(\d{1,9})\.(\d{1,9})\.([0-7])$/.exec(after)
  return parts ? { read: [Number(parts[1]), Number(parts[2])], told: Number(parts[3]) } : { read: [0, 0], told: 0 }
}

const print = (event: string, data: unknown, { read, told }: Position) =>
  `id: ${read[0] ?? 0}.${read[1] ?? 0}.${told}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** What a listener has not read yet, as events, and whether nothing follows. Moves the position on. */
function readNews(chat: Chat, turn: LiveTurn | StoredTurn, position: Position): { text: string; isLast: boolean } {
  if ('answers' in turn) return { text: finishedEvents(chat, turn, position), isLast: true }
  if (turn.done) return { text: finishedEvents(chat, turn.done, position), isLast: true }
  let text = newNotice(turn.notice, position)
  for (const [side, live] of turn.sides.entries()) {
    text += newText(side, live.text.from(position.read[side] ?? 0), position)
    if (live.ended) text += newAnswer(chat, side, storedAnswer(live), position)
  }
  return turn.lost ? { text: text + print('lost', turn.lost, position), isLast: true } : { text, isLast: false }
}

function finishedEvents(chat: Chat, turn: StoredTurn, position: Position): string {
  let text = newNotice(turn.notice, position)
  for (const [side, answer] of turn.answers.entries()) {
    text += newText(side, answer.text.slice(position.read[side] ?? 0), position) + newAnswer(chat, side, answer, position)
  }
  return text + print('done', { turn: viewTurn(chat, turn) }, position)
}

function newNotice(given: StoredTurn['notice'], position: Position): string {
  if (!given || position.told & notice) return ''
  position.told |= notice
  return print('notice', given, position)
}

/** `text`: what follows the place that a side was read to. */
function newText(side: number, text: string, position: Position): string {
  if (text === '') return ''
  position.read[side] = (position.read[side] ?? 0) + text.length
  return print('text', { side, text }, position)
}

function newAnswer(chat: Chat, side: number, answer: StoredTurn['answers'][number], position: Position): string {
  const bit = side + 1
  if (position.told & bit) return ''
  position.told |= bit
  return print('answer', { side, answer: viewAnswer(chat, answer) }, position)
}
