import type { Form } from '../entry.ts'
import { modelOf, openAiMessages, requiredId, textOrUndefined, timeOf } from '../fields.ts'
import { omit } from '../imported.ts'

const known = ['conversation_id', 'model', 'conversation', 'turn', 'tstamp', 'timestamp', 'started_at', 'user', 'user_id']

/**
 * LMSYS-Chat-1M's rows and our own release's: `conversation_id, model, conversation, turn, language, openai_moderation, redacted`. `turn` follows
 * from the messages; language, moderation and other columns are kept in work/imported/.
 */
export const lmsys: Form = {
  name: 'lmsys',
  matches: (record) => 'conversation_id' in record && Array.isArray(record.conversation),
  read(record) {
    const at = timeOf(record.tstamp ?? record.timestamp ?? record.started_at)
    const user = textOrUndefined(record.user) ?? textOrUndefined(record.user_id)
    return {
      kind: 'conversation',
      id: requiredId(record.conversation_id),
      model: modelOf(record.model),
      messages: openAiMessages(record.conversation),
      ...(at === undefined ? {} : { startedAt: at }),
      ...(user === undefined ? {} : { address: user }),
      ...omit(record, known),
    }
  },
}
