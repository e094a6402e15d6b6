import type { Form } from '../entry.ts'
import { arrayOf, contentOf, idOf, modelOrUnknown, nonEmpty, objectOf, roleOf, timeOf } from '../fields.ts'

/** ShareGPT: `{id, conversations: [{from: 'human'|'gpt'|…, value}]}`, as JSON lines or one JSON array. */
export const sharegpt: Form = {
  name: 'sharegpt',
  matches: (record) => Array.isArray(record.conversations),
  read(record) {
    const id = idOf(record.id ?? record.conversation_id)
    const at = timeOf(record.tstamp ?? record.timestamp ?? record.created_at)
    const messages = arrayOf(record.conversations, 'messages-missing').map((item) => {
      const message = objectOf(item, 'content-not-text')
      return { role: roleOf(message.from ?? message.role), content: contentOf(message.value ?? message.content) }
    })
    return {
      kind: 'conversation',
      model: modelOrUnknown(record.model),
      messages: nonEmpty(messages),
      ...(id === undefined ? {} : { id }),
      ...(at === undefined ? {} : { startedAt: at }),
    }
  },
}
