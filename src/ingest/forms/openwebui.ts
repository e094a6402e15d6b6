import type { Message, Outcome } from '../../conversation.ts'
import { branchTo } from '../branch.ts'
import { type ChatEntry, type Entry, type Form, type JsonObject, LineRefusal, type VoteEntry } from '../entry.ts'
import {
  contentOf,
  idOf,
  isObject,
  modelOrUnknown,
  nonEmpty,
  objectOf,
  requiredId,
  roleOf,
  storable,
  textOrUndefined,
  timeOf,
} from '../fields.ts'

/** Open WebUI's exports: chats (`{id, chat: {history: {messages, currentId}}}`) and feedback (`{type: 'rating', data, meta, snapshot}`). */
export const openwebui: Form = {
  name: 'openwebui',
  matches: (record) => isChat(record) || isFeedback(record),
  read: (record): Entry => (isFeedback(record) ? readFeedback(record) : readChat(record)),
}

function isChat(record: JsonObject): boolean {
  return isObject(record.chat) && (isObject(record.chat.history) || Array.isArray(record.chat.messages))
}

function isFeedback(record: JsonObject): boolean {
  return isObject(record.data) && isObject(record.meta) && 'rating' in record.data
}

function readChat(record: JsonObject): ChatEntry {
  const chat = objectOf(record.chat, 'messages-missing')
  const startedAt = timeOf(record.created_at ?? chat.timestamp)
  const order = timeOf(record.updated_at)
  const address = textOrUndefined(record.user_id)
  const nodes = branchOf(chat)
  const models = nodes.filter((node) => node.role === 'assistant').map((node) => textOrUndefined(node.model))
  return {
    kind: 'conversation',
    id: requiredId(record.id ?? chat.id),
    model: modelOrUnknown(models.at(-1), Array.isArray(chat.models) ? chat.models[0] : undefined),
    messages: nonEmpty(nodes.map((node): Message => ({ role: roleOf(node.role), content: contentOf(node.content) }))),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(order === undefined ? {} : { order }),
    ...(address === undefined ? {} : { address }),
  }
}

/** The branch that the person last saw; very old exports have a plain list of messages only. */
function branchOf(chat: JsonObject): JsonObject[] {
  const history = isObject(chat.history) ? chat.history : {}
  if (isObject(history.messages) && typeof history.currentId === 'string') return branchTo(history.messages, history.currentId, 'parentId')
  return Array.isArray(chat.messages) ? chat.messages.filter(isObject) : []
}

function readFeedback(record: JsonObject): VoteEntry {
  const data = objectOf(record.data, 'winner-unknown')
  const meta = objectOf(record.meta, 'id-invalid')
  const rating = Number(data.rating)
  if (rating !== 1 && rating !== -1) throw new LineRefusal('winner-unknown')
  const outcome: Outcome = { vote: rating === 1 ? 'upvote' : 'downvote' }
  const reason = [textOrUndefined(data.reason), textOrUndefined(data.comment)].filter((part) => part !== undefined).join(': ')
  const at = timeOf(record.updated_at ?? record.created_at)
  const id = requiredId(meta.chat_id)
  const snapshot = isObject(record.snapshot) ? record.snapshot.chat : undefined
  return {
    kind: 'vote',
    id,
    outcome: reason === '' ? outcome : { ...outcome, reason: storable(reason) },
    ...(at === undefined ? {} : { at }),
    ...(isObject(snapshot) ? { fallback: readSnapshot(snapshot, id, record.user_id) } : {}),
  }
}

/** Feedback carries the chat as it was; it stands in when the chat itself is in no input. */
function readSnapshot(snapshot: JsonObject, id: string, user: unknown): ChatEntry {
  const chat = isObject(snapshot.chat) ? snapshot : { chat: snapshot }
  return readChat({ ...chat, id: idOf(id), user_id: user })
}
