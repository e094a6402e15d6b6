import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Conversation, Parameters } from '../api.chat.shapes.ts'
import { chatApi, listen } from '../api.chat.ts'
import { type Loaded, useLoad } from '../load.ts'
import { tellChange } from './changes.ts'
import { openDrafts } from './drafts.ts'
import { openSession, type Session, type SessionState } from './session.ts'

/** Drafts of this browser. */
export const drafts = openDrafts({
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
  removeItem: (key) => localStorage.removeItem(key),
})

// A conversation that was just begun, with its first prompt: handed from the page that began it to the one that shows it.
const begun = new Map<string, { conversation: Conversation; prompt: string; parameters: Parameters }>()

/** Hands a new conversation over: the page of its address sends the prompt. */
export function handOver(conversation: Conversation, prompt: string, parameters: Parameters): void {
  begun.set(conversation.id, { conversation, prompt, parameters })
}

/** A session on the conversation of an id; it ends when the page shows another. */
export function useSession(id: string): Loaded<Session> {
  const loaded = useLoad(`conversation ${id}`, async (signal) => begun.get(id)?.conversation ?? chatApi.conversation(id, signal))
  const conversation = loaded.state === 'ready' ? loaded.value : undefined
  const session = useMemo(
    () =>
      conversation &&
      openSession(conversation, {
        api: chatApi,
        listen,
        drafts,
        later: (run) => setTimeout(run, 60),
        pause: (run) => setTimeout(run, 2000),
      }),
    [conversation],
  )
  useEffect(() => {
    if (!session) return
    const first = begun.get(id)
    begun.delete(id)
    if (first) void session.send(first.prompt, null, first.parameters)
    let before = session.state()
    const unsubscribe = session.subscribe(() => {
      const now = session.state()
      if (before.running !== undefined && now.running === undefined) tellChange()
      before = now
    })
    return () => {
      unsubscribe()
      session.close()
    }
  }, [session, id])
  if (loaded.state === 'error') return loaded
  return session ? { state: 'ready', value: session } : { state: 'loading' }
}

/** The present state of a session. */
export function useSessionState(session: Session): SessionState {
  return useSyncExternalStore(session.subscribe, session.state)
}
