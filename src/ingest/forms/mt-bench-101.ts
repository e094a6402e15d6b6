import type { Message } from '../../conversation.ts'
import type { Form } from '../entry.ts'
import { arrayOf, idOf, modelOrUnknown, nonEmpty, objectOf, storable, textOrUndefined } from '../fields.ts'

/** MT-Bench-101: `{task, id, history: [{user, bot}]}`; ids count within a task. */
export const mtBench101: Form = {
  name: 'mt-bench-101',
  matches: (record) => Array.isArray(record.history),
  read(record) {
    const number = idOf(record.id)
    const task = textOrUndefined(record.task)
    const messages = arrayOf(record.history, 'messages-missing').flatMap((item): Message[] => {
      const turn = objectOf(item, 'content-not-text')
      return [
        { role: 'user', content: storable(turn.user) },
        { role: 'assistant', content: storable(turn.bot) },
      ]
    })
    return {
      kind: 'conversation',
      model: modelOrUnknown(record.model),
      messages: nonEmpty(messages),
      ...(number === undefined ? {} : { id: task === undefined ? number : `${task}-${number}` }),
      ...(task === undefined ? {} : { imported: { task } }),
    }
  },
}
