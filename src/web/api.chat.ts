import type {
  Board,
  Consent,
  Conversation,
  Feedback,
  Figures,
  Model,
  Notice,
  Parameters,
  Report,
  Sent,
  Shared,
  StreamListener,
  Summary,
  Turn,
  Winner,
} from './api.chat.shapes.ts'
import { ask, request, send } from './api.ts'

export type * from './api.chat.shapes.ts'

const chats = '/api/chat/conversations'
const turnPath = (conversation: string, turn: string) => `${chats}/${encodeURIComponent(conversation)}/turns/${encodeURIComponent(turn)}`
const chatPath = (id: string) => `${chats}/${encodeURIComponent(id)}`
const change = async (path: string, method: string, body?: unknown): Promise<void> => {
  await request(path, body === undefined ? { method } : send(method, body))
}

/** The collection site's routes that the pages use. */
export const chatApi = {
  consent: (signal: AbortSignal) => ask<Consent>('/api/consent', { signal }),
  accept: (given: { terms: string; keep: boolean; isOldEnough?: boolean; captcha?: string }) =>
    ask<Consent>('/api/consent', send('POST', given)),
  models: async (signal: AbortSignal) => (await ask<{ models: Model[] }>('/api/models', { signal })).models,
  history: (before: string | null, signal: AbortSignal) =>
    ask<{ conversations: Summary[]; next: string | null }>(`${chats}?limit=50${before ? `&before=${encodeURIComponent(before)}` : ''}`, {
      signal,
    }),
  clear: (withdraw: boolean) => change(`${chats}${withdraw ? '?withdraw=true' : ''}`, 'DELETE'),
  remove: (id: string, withdraw: boolean) => change(`${chatPath(id)}${withdraw ? '?withdraw=true' : ''}`, 'DELETE'),
  start: (given: { model: string; keep: boolean; parameters?: Partial<Parameters> }) => ask<Conversation>(chats, send('POST', given)),
  battle: (given: { kind: 'battle' | 'compare'; models?: [string, string]; keep: boolean; parameters?: Partial<Parameters> }) =>
    ask<Conversation>('/api/arena/battles', send('POST', given)),
  conversation: (id: string, signal?: AbortSignal) => ask<Conversation>(chatPath(id), signal ? { signal } : {}),
  turn: (id: string, given: Sent) => ask<Turn>(`${chatPath(id)}/turns`, send('POST', given)),
  regenerate: (id: string, turn: string, given: { key: string; parameters: Parameters }) =>
    ask<Turn>(`${turnPath(id, turn)}/regenerate`, send('POST', given)),
  stop: (id: string, turn: string) => ask<Turn>(`${turnPath(id, turn)}/stop`, send('POST', {})),
  feedback: (id: string, turn: string, given: Feedback) => ask<Turn>(`${turnPath(id, turn)}/feedback`, send('POST', given)),
  head: (id: string, turn: string) => change(`${chatPath(id)}/head`, 'POST', { turn }),
  share: (id: string) => ask<{ id: string; path: string }>(`${chatPath(id)}/share`, send('POST', {})),
  unshare: (id: string) => change(`${chatPath(id)}/share`, 'DELETE'),
  vote: (id: string, winner: Winner) => ask<Conversation>(`/api/arena/battles/${encodeURIComponent(id)}/vote`, send('POST', { winner })),
  shared: (id: string, signal: AbortSignal) => ask<Shared>(`/api/chat/shared/${encodeURIComponent(id)}`, { signal }),
  report: (given: { share?: string; conversation?: string; kind: string; text: string }) =>
    ask<{ id: string }>('/api/chat/reports', send('POST', given)),
  withdraw: (receipt: string | undefined) =>
    ask<{ recordedAt: string; conversations: number }>('/api/withdrawals', send('POST', receipt === undefined ? {} : { receipt })),
  withdrawal: (receipt: string) => ask<{ recordedAt: string | null }>('/api/withdrawals/status', send('POST', { receipt })),
  board: (category: string, isStyleControlled: boolean, signal: AbortSignal) =>
    ask<Board>(`/api/leaderboard?category=${encodeURIComponent(category)}&style=${isStyleControlled}`, { signal }),
  figures: (minutes: number, signal: AbortSignal) => ask<Figures>(`/api/operator/figures?minutes=${minutes}`, { signal }),
  reports: async (signal: AbortSignal) => (await ask<{ reports: Report[] }>('/api/operator/reports', { signal })).reports,
  closeReport: (id: string) => change(`/api/operator/reports/${encodeURIComponent(id)}/close`, 'POST', {}),
} as const

/** Listens to a running turn. The browser connects again after a cut, from the place that it has. Gives a function that stops listening. */
export function listen(conversation: string, turn: string, listener: StreamListener): () => void {
  const source = new EventSource(`${turnPath(conversation, turn)}/stream`)
  const on = <T>(name: string, take: (data: T) => void) =>
    source.addEventListener(name, (event) => {
      const data: T = JSON.parse(event.data)
      take(data)
    })
  const close = () => source.close()
  on<{ side: number; text: string }>('text', ({ side, text }) => listener.text(side, text))
  on<{ side: number; answer: Turn['answers'][number] }>('answer', ({ side, answer }) => listener.answer(side, answer))
  on<Notice>('notice', (notice) => listener.notice(notice))
  on<{ turn: Turn }>('done', (data) => {
    close()
    listener.done(data.turn)
  })
  on<Notice>('lost', (notice) => {
    close()
    listener.lost(notice)
  })
  source.addEventListener('error', () => (source.readyState === EventSource.CLOSED ? listener.end() : listener.cut()))
  return close
}
