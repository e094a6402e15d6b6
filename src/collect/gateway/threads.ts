import { createHash, randomBytes } from 'node:crypto'
import type { Message } from '../../conversation.ts'

/** Which conversation a request goes on with: the protocol has no conversations, only messages that grow. */
export interface Threads {
  /** The conversation whose messages so far are all but the last of these, or the named one (`isKnown`: it may have been before), or a new one. */
  find(key: string, messages: readonly Message[], named: string | undefined): { conversation: string; isKnown: boolean }
  /** Remembers how far a conversation has come. */
  remember(key: string, messages: readonly Message[], conversation: string): void
}

const remembered = 20_000

/** Threads in memory: after a restart a growing conversation is another one, unless the application names it. */
export function createThreads(): Threads {
  const known = new Map<string, string>()
  return {
    find(key, messages, named) {
      if (named !== undefined) return { conversation: hash(`${key}\nnamed\n${named}`), isKnown: true }
      const before = messages.slice(0, -1)
      const held = before.some(({ role }) => role === 'assistant') ? known.get(hash(key + JSON.stringify(before))) : undefined
      return { conversation: held ?? randomBytes(16).toString('hex'), isKnown: held !== undefined }
    },
    remember(key, messages, conversation) {
      const place = hash(key + JSON.stringify(messages))
      known.delete(place)
      known.set(place, conversation)
      const [oldest] = known.keys()
      if (known.size > remembered && oldest !== undefined) known.delete(oldest)
    },
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)
