import type { Form } from '../entry.ts'
import { arrayOf, isObject, modelOf, openAiMessages, requiredId, textOrUndefined, timeOf } from '../fields.ts'
import { omit } from '../imported.ts'

const known = ['conversation_hash', 'model', 'conversation', 'turn', 'timestamp', 'hashed_ip', 'header', 'state', 'country']

/**
 * WildChat-shaped rows: `conversation_hash, model, timestamp, conversation[{role, content, …}], hashed_ip, …`. The hashed address is hashed
 * again with our key; place and headers are left out.
 */
export const wildchat: Form = {
  name: 'wildchat',
  matches: (record) => 'conversation_hash' in record && Array.isArray(record.conversation),
  read(record) {
    const first = arrayOf(record.conversation, 'messages-missing')[0]
    const at = timeOf(record.timestamp ?? (isObject(first) ? first.timestamp : undefined))
    const address = textOrUndefined(record.hashed_ip) ?? (isObject(first) ? textOrUndefined(first.hashed_ip) : undefined)
    return {
      kind: 'conversation',
      id: requiredId(record.conversation_hash),
      model: modelOf(record.model),
      messages: openAiMessages(record.conversation),
      ...(at === undefined ? {} : { startedAt: at }),
      ...(address === undefined ? {} : { address }),
      ...omit(record, known),
    }
  },
}
