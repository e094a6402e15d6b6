import type { Conversation, Feedback, Parameters, Sent, StreamListener, Turn, Winner } from '../api.chat.shapes.ts'
import { ApiError, errorOf } from '../api.error.ts'
import { texts } from '../texts.chat.ts'
import { type Drafts, newKey } from './drafts.ts'
import { leafOf, withTurn } from './path.ts'

/** What went wrong, and where it makes sense, the same thing once more. */
export interface Problem {
  error: ApiError
  again?: () => void
}

/** A conversation as the page shows it. */
export interface SessionState {
  conversation: Conversation
  /** A prompt that the server has not taken yet: shown at once. */
  sending: Sent | undefined
  /** Id of the turn that is being answered. */
  running: string | undefined
  /** The stream was cut and is being taken up again. */
  isCut: boolean
  problem: Problem | undefined
}

/** What a session asks of the server. */
export interface SessionApi {
  turn(id: string, given: Sent): Promise<Turn>
  regenerate(id: string, turn: string, given: { key: string; parameters: Parameters }): Promise<Turn>
  stop(id: string, turn: string): Promise<Turn>
  feedback(id: string, turn: string, given: Feedback): Promise<Turn>
  head(id: string, turn: string): Promise<void>
  share(id: string): Promise<{ id: string; path: string }>
  unshare(id: string): Promise<void>
  vote(id: string, winner: Winner): Promise<Conversation>
  conversation(id: string): Promise<Conversation>
}

/** What a session needs of the world; tests hand in their own. */
export interface SessionParts {
  api: SessionApi
  listen(conversation: string, turn: string, listener: StreamListener): () => void
  drafts: Drafts
  /** Runs a little later: changes by streamed words are told at most once until then. */
  later: (run: () => void) => void
  /** Runs after a pause, for taking up a stream again. */
  pause: (run: () => void) => void
}

/** One conversation at work: sends, streams, stops, branches, votes. The state is replaced, never changed. */
export interface Session {
  state(): SessionState
  subscribe(listener: () => void): () => void
  /** Sends a prompt after `parent` (null: a new beginning). */
  send(prompt: string, parent: string | null, parameters: Parameters): Promise<void>
  regenerate(turn: string, parameters: Parameters): Promise<void>
  stop(): Promise<void>
  /** Shows another branch, down to its newest turn. */
  choose(turn: string): Promise<void>
  say(turn: string, feedback: Feedback): Promise<boolean>
  vote(winner: Winner): Promise<void>
  share(isWanted: boolean): Promise<void>
  dismiss(): void
  close(): void
}

const mostTries = 5

/** Opens a session on a conversation. What is still being answered is listened to; what was sent and not taken is offered again. */
export function openSession(conversation: Conversation, { api, listen: hear, drafts, later, pause }: SessionParts): Session {
  const { id } = conversation
  const listeners = new Set<() => void>()
  let state: SessionState = { conversation, sending: undefined, running: undefined, isCut: false, problem: undefined }
  let unlisten: (() => void) | undefined
  let isTold = true
  let isClosed = false

  const tell = () => {
    isTold = true
    for (const listener of listeners) listener()
  }
  const set = (change: Partial<SessionState>) => {
    state = { ...state, ...change }
    tell()
  }
  const setTurns = (change: Partial<Conversation>) => {
    state = { ...state, conversation: { ...state.conversation, ...change } }
  }
  const put = (turn: Turn) => setTurns({ turns: withTurn(state.conversation.turns, turn) })
  const turnOf = (turn: string) => state.conversation.turns.find((one) => one.id === turn)
  const fail = (reason: unknown, again?: () => void) => {
    const error = errorOf(reason)
    set({ problem: again ? { error, again } : { error } })
  }

  const attach = (turn: string, tries = 0) => {
    unlisten?.()
    const begun = turnOf(turn)
    // The stream begins at the beginning, so what is there already would stand twice.
    if (begun) put({ ...begun, answers: begun.answers.map((answer) => (answer.status === 'streaming' ? { ...answer, text: '' } : answer)) })
    set({ running: turn, isCut: false })
    const changeAnswer = (side: number, change: (answer: Turn['answers'][number]) => Turn['answers'][number]) => {
      const present = turnOf(turn)
      if (present) put({ ...present, answers: present.answers.map((answer, index) => (index === side ? change(answer) : answer)) })
      if (state.isCut) state = { ...state, isCut: false }
      if (!isTold) return
      isTold = false
      later(() => !isTold && tell())
    }
    unlisten = hear(id, turn, {
      text: (side, text) => changeAnswer(side, (answer) => ({ ...answer, text: answer.text + text })),
      answer: (side, answer) => changeAnswer(side, () => answer),
      notice(notice) {
        const present = turnOf(turn)
        if (present) put({ ...present, notice })
        tell()
      },
      done(whole) {
        put(whole)
        set({ running: undefined, isCut: false })
      },
      lost(notice) {
        const lost = turnOf(turn)
        const turns = state.conversation.turns.filter((one) => one.id !== turn)
        setTurns({ turns, head: lost?.parent ?? null })
        set({ running: undefined })
        const { parameters } = state.conversation
        const again = lost ? () => void session.send(lost.prompt, lost.parent, parameters) : undefined
        fail(new ApiError(503, notice.code, notice.message), again)
      },
      cut: () => set({ isCut: true }),
      end: () => void reload(turn, tries),
    })
  }

  /** The stream is over without its end: asks what became of the turn. */
  const reload = async (turn: string, tries: number) => {
    const before = turnOf(turn)
    try {
      const fresh = await api.conversation(id)
      if (isClosed) return
      const now = fresh.turns.find((one) => one.id === turn)
      set({ conversation: fresh, running: undefined, isCut: false })
      if (now?.status === 'streaming' && tries < mostTries) pause(() => !isClosed && attach(turn, tries + 1))
      else if (!now && before) {
        const again = () => void session.send(before.prompt, before.parent, fresh.parameters)
        fail(new ApiError(404, 'turn-unknown', texts.lostTurn), again)
      }
    } catch (reason) {
      set({ running: undefined, isCut: false })
      fail(reason, () => void reload(turn, 0))
    }
  }

  const deliver = async (sent: Sent) => {
    set({ sending: sent, problem: undefined })
    drafts.writeSent(id, sent)
    try {
      const turn = await api.turn(id, sent)
      drafts.writeSent(id, undefined)
      take(turn)
    } catch (reason) {
      set({ sending: undefined })
      // The server may have taken it: the same key again gives the same turn, and nothing is asked twice.
      if (reason instanceof ApiError && reason.status === 0) return fail(reason, () => void deliver(sent))
      drafts.writeSent(id, undefined)
      drafts.write(id, sent.prompt)
      fail(reason)
    }
  }
  const take = (turn: Turn) => {
    put(turn)
    setTurns({ head: turn.id })
    set({ sending: undefined })
    if (turn.status === 'streaming') attach(turn.id)
  }
  /** Runs a change whose failure is shown. */
  const attempt = async (change: () => Promise<void>): Promise<boolean> => {
    if (state.problem) set({ problem: undefined })
    try {
      await change()
      return true
    } catch (reason) {
      fail(reason)
      return false
    }
  }

  const session: Session = {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    send: (prompt, parent, parameters) => deliver({ key: newKey(), prompt, parent, parameters }),
    async regenerate(turn, parameters) {
      const key = newKey()
      await attempt(async () => take(await api.regenerate(id, turn, { key, parameters })))
    },
    async stop() {
      const { running } = state
      if (running === undefined) return
      await attempt(async () => {
        const turn = await api.stop(id, running)
        put(turn)
        if (turn.status === 'streaming') return
        unlisten?.()
        set({ running: undefined, isCut: false })
      })
    },
    async choose(turn) {
      const head = leafOf(state.conversation.turns, turn)
      setTurns({ head })
      tell()
      await attempt(() => api.head(id, head))
    },
    say: (turn, feedback) =>
      attempt(async () => {
        put(await api.feedback(id, turn, feedback))
        tell()
      }),
    async vote(winner) {
      await attempt(async () => set({ conversation: await api.vote(id, winner) }))
    },
    async share(isWanted) {
      await attempt(async () => {
        if (isWanted) setTurns({ share: await api.share(id) })
        else {
          await api.unshare(id)
          setTurns({ share: null })
        }
        tell()
      })
    },
    dismiss: () => set({ problem: undefined }),
    close() {
      isClosed = true
      unlisten?.()
    },
  }
  const streaming = conversation.turns.find(({ status }) => status === 'streaming')
  const unsent = drafts.readSent(id)
  if (streaming) attach(streaming.id)
  if (unsent && !streaming) fail(new ApiError(0, 'Unsent', texts.unsent), () => void deliver(unsent))
  return session
}
