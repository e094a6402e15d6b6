import { faultWords } from '../models/model.ts'
import { type Chat, isFaultCode } from './chat.ts'
import { type LiveTurn, storedAnswer } from './live.ts'
import type { Finish, StoredAnswer, StoredTurn } from './turn.ts'

/** An answer as the API shows it; see docs/collect.md. `finish` null while it streams. */
export interface AnswerView {
  text: string
  status: 'streaming' | 'done' | 'stopped' | 'failed' | 'blocked'
  finish: Finish | null
  error: { code: string; message: string } | null
  timing: { firstTokenMs: number; tokensPerSecond: number } | null
  verdict: 'up' | 'down' | null
  isFlagged: boolean
  categories: readonly string[]
}

/** A turn as the API shows it. */
export interface TurnView {
  id: string
  parent: string | null
  prompt: string
  createdAt: string
  status: 'streaming' | 'done'
  notice: { code: string; message: string } | null
  answers: AnswerView[]
}

/** Whether names must stay hidden: an anonymous battle that nobody has voted on. */
export const isBlind = ({ kind, vote }: Pick<Chat, 'kind' | 'vote'>): boolean => kind === 'battle' && vote === null

/** A conversation with its turns. */
export function viewChat(chat: Chat) {
  const turns = [...chat.turns.values()].map((turn) => viewTurn(chat, turn))
  return {
    ...viewSummary(chat),
    parameters: chat.parameters,
    turns: chat.live && !chat.turns.has(chat.live.id) ? [...turns, viewLive(chat, chat.live)] : turns,
  }
}

/** A conversation without its turns. */
export function viewSummary(chat: Chat) {
  const { id, kind, keep, title, head, vote, share } = chat
  return {
    id,
    kind,
    models: isBlind(chat) ? [] : chat.models,
    keep,
    title,
    createdAt: toIso(chat.createdAt),
    updatedAt: toIso(chat.updatedAt),
    head: chat.live?.id ?? head,
    vote: vote && { winner: vote.winner, votedAt: toIso(vote.votedAt), counts: vote.exclusion === null, exclusion: vote.exclusion },
    share: share && { id: share.id, path: `/chat/shared/${share.id}` },
  }
}

/** A finished turn. */
export function viewTurn(chat: Pick<Chat, 'kind' | 'vote'>, { id, parent, prompt, madeAt, notice, answers }: StoredTurn): TurnView {
  return {
    id,
    parent,
    prompt,
    createdAt: toIso(madeAt),
    status: 'done',
    notice,
    answers: answers.map((answer) => viewAnswer(chat, answer)),
  }
}

/** A turn under way, as far as it has come. */
export function viewLive(chat: Pick<Chat, 'kind' | 'vote'>, live: LiveTurn): TurnView {
  if (live.done) return viewTurn(chat, live.done)
  const { id, parent, prompt, madeAt, notice, sides } = live
  const answers = sides.map((side): AnswerView => {
    if (side.ended) return viewAnswer(chat, storedAnswer(side))
    return {
      text: side.text.whole(),
      status: 'streaming',
      finish: null,
      error: null,
      timing: null,
      verdict: null,
      isFlagged: false,
      categories: [],
    }
  })
  return { id, parent, prompt, createdAt: toIso(madeAt), status: 'streaming', notice, answers }
}

/** A finished answer. Its pace would give a model away, so a blind battle shows none. */
export function viewAnswer(chat: Pick<Chat, 'kind' | 'vote'>, answer: StoredAnswer): AnswerView {
  const { text, finish, error, firstTokenMs, tokensPerSecond, verdict, isFlagged, categories } = answer
  return {
    text,
    status: statusOf[finish],
    finish,
    error: error === null ? null : { code: error, message: isFaultCode(error) ? faultWords[error] : 'The answer failed.' },
    timing: isBlind(chat) || firstTokenMs === null ? null : { firstTokenMs, tokensPerSecond: tokensPerSecond ?? 0 },
    verdict,
    isFlagged,
    categories,
  }
}

const statusOf = { stop: 'done', length: 'done', stopped: 'stopped', error: 'failed', blocked: 'blocked' } as const satisfies Record<
  StoredAnswer['finish'],
  string
>

const toIso = (ms: number) => new Date(ms).toISOString()
