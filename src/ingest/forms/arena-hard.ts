import type { Form } from '../entry.ts'
import { idOf, modelOf, openAiMessages, timeOf } from '../fields.ts'

/** Arena-Hard answers: `{uid, ans_id, model, messages, tstamp}`; `uid` names the question, `ans_id` the answer. */
export const arenaHard: Form = {
  name: 'arena-hard',
  matches: (record) => typeof record.ans_id === 'string' && Array.isArray(record.messages),
  read(record) {
    const id = idOf(record.ans_id)
    const at = timeOf(record.tstamp)
    return {
      kind: 'conversation',
      model: modelOf(record.model),
      messages: openAiMessages(record.messages),
      ...(id === undefined ? {} : { id }),
      ...(at === undefined ? {} : { startedAt: at }),
      ...(record.uid === undefined ? {} : { imported: { question_id: record.uid } }),
    }
  },
}
