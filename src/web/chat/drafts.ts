import type { Sent } from '../api.chat.shapes.ts'

/** Where drafts are kept: the browser's storage, or a Map in tests. */
export interface DraftStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const prefix = 'colloquy.draft.'

/** What was typed and not sent in a place (a conversation's id, or `new`), and a prompt that was sent without an answer from the server. */
export interface Drafts {
  read(place: string): string
  write(place: string, text: string): void
  readSent(place: string): Sent | undefined
  writeSent(place: string, sent: Sent | undefined): void
}

/** Drafts that survive a reload. A store that refuses to keep anything is met in silence: the text still stands in its field. */
export function openDrafts(store: DraftStore): Drafts {
  const write = (key: string, text: string) => {
    try {
      if (text === '') store.removeItem(prefix + key)
      else store.setItem(prefix + key, text)
    } catch {
      // Private windows and full stores keep nothing.
    }
  }
  const read = (key: string) => {
    try {
      return store.getItem(prefix + key) ?? ''
    } catch {
      return ''
    }
  }
  return {
    read: (place) => read(place),
    write: (place, text) => write(place, text),
    readSent: (place) => readSent(read(`${place}.sent`)),
    writeSent: (place, sent) => write(`${place}.sent`, sent === undefined ? '' : JSON.stringify(sent)),
  }
}

function readSent(text: string): Sent | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('key' in value && 'prompt' in value && 'parent' in value && 'parameters' in value))
      return undefined
    const { key, prompt, parent, parameters } = value
    if (typeof key !== 'string' || typeof prompt !== 'string' || !(parent === null || typeof parent === 'string')) return undefined
    const read = readParameters(parameters)
    return read ? { key, prompt, parent, parameters: read } : undefined
  } catch {
    return undefined
  }
}

function readParameters(value: unknown): Sent['parameters'] | undefined {
  if (typeof value !== 'object' || value === null || !('temperature' in value && 'topP' in value && 'maxTokens' in value)) return undefined
  const { temperature, topP, maxTokens } = value
  return typeof temperature === 'number' && typeof topP === 'number' && typeof maxTokens === 'number'
    ? { temperature, topP, maxTokens }
    : undefined
}

/** A key for a turn, 24 letters and digits by chance. */
export function newKey(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz012345'
  return Array.from(random(new Uint8Array(24)), (byte) => letters[byte % 32]).join('')
}
