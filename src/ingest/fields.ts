import type { Message, Role } from '../conversation.ts'
import { type JsonObject, LineRefusal, type Reason } from './entry.ts'

/** Whether a value is a JSON object, not null and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as an array, or the line is refused. */
export function arrayOf(value: unknown, reason: Reason): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new LineRefusal(reason)
}

/** The value as an object, or the line is refused. */
export function objectOf(value: unknown, reason: Reason): JsonObject {
  if (isObject(value)) return value
  throw new LineRefusal(reason)
}

/** A value that some loggers write as a string of JSON (FastChat's remote logger, Langfuse): the value inside, or as it is. */
export function unwrapJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** A conversation id: 1–256 characters, or a whole number; undefined where there is none. */
export function idOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string' || value.length > 256 || value.trim() === '') throw new LineRefusal('id-invalid')
  return storable(value)
}

/** A conversation id where the form cannot do without. */
export function requiredId(value: unknown): string {
  const id = idOf(value)
  if (id === undefined) throw new LineRefusal('id-invalid')
  return id
}

/** A model's name as logged: a string that is not empty (renames are the recipe's business). */
export function modelOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new LineRefusal('model-missing')
  return storable(value)
}

/** A model's name, or `unknown` where the form may leave it out. */
export function modelOrUnknown(...values: readonly unknown[]): string {
  const value = values.find((candidate) => typeof candidate === 'string' && candidate !== '')
  return value === undefined ? 'unknown' : modelOf(value)
}

/** The value if it is a string that is not empty. */
export function textOrUndefined(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * Text that every part of the way can hold: well-formed UTF-16 and no NUL (PostgreSQL and C readers end text there). FastChat's content
 * that is anything but a string is the line's end, as in its clean_chat_data.py.
 */
export function storable(value: unknown): string {
  if (typeof value !== 'string') throw new LineRefusal('content-not-text')
  if (!value.isWellFormed()) throw new LineRefusal('lone-surrogate')
  if (value.includes('\0')) throw new LineRefusal('nul-character')
  return value
}

/** A message's text in the shapes that chat APIs log: a string, parts `[{type:'text',text}]` (other parts are left out), `{answer}`. */
export function contentOf(value: unknown): string {
  if (Array.isArray(value)) {
    const texts = value.flatMap((part) => {
      if (typeof part === 'string') return [part]
      if (!isObject(part)) throw new LineRefusal('content-not-text')
      return typeof part.text === 'string' ? [part.text] : []
    })
    if (texts.length === 0) throw new LineRefusal('content-not-text')
    return storable(texts.join('\n'))
  }
  if (isObject(value) && typeof value.answer === 'string') return storable(value.answer)
  return storable(value)
}

const roles: ReadonlyMap<string, Role> = new Map([
  ['user', 'user'],
  ['human', 'user'],
  ['prompter', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['bot', 'assistant'],
  ['bard', 'assistant'],
  ['bing', 'assistant'],
  ['claude', 'assistant'],
  ['model', 'assistant'],
  ['system', 'system'],
  ['developer', 'system'],
])

/** Our role for a log's role name, whatever its case. Tool messages have no place in a conversation: the line is refused. */
export function roleOf(value: unknown): Role {
  const role = typeof value === 'string' ? (roles.get(value) ?? roles.get(value.toLowerCase())) : undefined
  if (role === undefined) throw new LineRefusal('role-unknown')
  return role
}

/** Messages in the OpenAI form, `[{role, content}]`; at least one. */
export function openAiMessages(value: unknown): Message[] {
  return nonEmpty(
    arrayOf(value, 'messages-missing').map((item) => {
      const message = objectOf(item, 'content-not-text')
      return { role: roleOf(message.role), content: contentOf(message.content) }
    }),
  )
}

/** The messages, or the line is refused when there are none. */
export function nonEmpty(messages: Message[]): Message[] {
  if (messages.length === 0) throw new LineRefusal('messages-missing')
  return messages
}

const dayMs = 86_400_000
/** Times outside 1970–2200 are faults; numbers below this are seconds, above it milliseconds. */
const secondsLimit = 7_258_118_400

/**
 * A logged time in milliseconds since 1970 UTC (fractions kept): seconds or milliseconds as a number or a string of digits, ISO 8601 (UTC
 * where it names no zone), a Date from Parquet; undefined where there is none.
 */
export function timeOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const ms = toMs(value)
  if (!(ms > 0 && ms < secondsLimit * 1000 + dayMs)) throw new LineRefusal('time-invalid')
  return ms
}

function toMs(value: unknown): number {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'bigint') return toMs(Number(value))
  if (typeof value === 'number') return value < secondsLimit ? value * 1000 : value
  if (typeof value !== 'string') return Number.NaN
  if (/^\d+(\.\d+)?$/.test(value)) return toMs(Number(value))
  return Date.parse(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value) ? `${value.replace(' ', 'T')}Z` : value)
}
