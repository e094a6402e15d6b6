import type { Form } from '../entry.ts'
import { idOf, modelOrUnknown, openAiMessages, textOrUndefined, timeOf } from '../fields.ts'
import { omit } from '../imported.ts'

const known = ['id', 'conversation_id', 'chat_id', 'model', 'messages', 'user', 'ip', 'created', 'created_at', 'timestamp', 'tstamp']

/** OpenAI chat lines: `{messages: [{role, content}], model?, id?, user?, created?}`, as fine-tuning files and most loggers have them. */
export const openai: Form = {
  name: 'openai',
  matches: (record) => Array.isArray(record.messages),
  read(record) {
    const id = idOf(record.id ?? record.conversation_id ?? record.chat_id)
    const at = timeOf(record.tstamp ?? record.timestamp ?? record.created ?? record.created_at)
    const address = textOrUndefined(record.ip) ?? textOrUndefined(record.user)
    return {
      kind: 'conversation',
      model: modelOrUnknown(record.model),
      messages: openAiMessages(record.messages),
      ...(id === undefined ? {} : { id }),
      ...(at === undefined ? {} : { startedAt: at }),
      ...(address === undefined ? {} : { address }),
      ...omit(record, known),
    }
  },
}
