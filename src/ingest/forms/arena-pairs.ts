import type { Battle } from '../../conversation.ts'
import { type ChatEntry, type Form, LineRefusal } from '../entry.ts'
import { idOf, modelOf, openAiMessages, requiredId, textOrUndefined, timeOf } from '../fields.ts'

const winners: ReadonlyMap<unknown, Battle['winner']> = new Map<unknown, Battle['winner']>([
  ['model_a', 'model_a'],
  ['model_b', 'model_b'],
  ['tie', 'tie'],
  ['tie (bothbad)', 'tie (bothbad)'],
  ['both_bad', 'tie (bothbad)'],
  ['bothbad', 'tie (bothbad)'],
])

/**
 * Arena pairs as LMSYS and LMArena release them: `{question_id, model_a, model_b, winner, conversation_a, conversation_b, judge?, anony?, tstamp?}`.
 * The sides become conversations `<id>-a` and `<id>-b`.
 */
export const arenaPairs: Form = {
  name: 'arena-pairs',
  matches: (record) => Array.isArray(record.conversation_a) && Array.isArray(record.conversation_b),
  read(record) {
    const winner = winners.get(record.winner)
    if (!winner) throw new LineRefusal('winner-unknown')
    const id = requiredId(record.question_id ?? record.id)
    const at = timeOf(record.tstamp ?? record.timestamp)
    const address = textOrUndefined(record.judge)
    const side = (name: 'a' | 'b'): ChatEntry => ({
      kind: 'conversation',
      id: idOf(record[`conversation_id_${name}`]) ?? `${id}-${name}`,
      model: modelOf(record[`model_${name}`]),
      messages: openAiMessages(record[`conversation_${name}`]),
      ...(at === undefined ? {} : { startedAt: at }),
      ...(address === undefined ? {} : { address }),
    })
    return {
      kind: 'battle',
      id,
      winner,
      // The releases hold blind battles alone where they do not say.
      anonymous: record.anony !== false,
      sides: [side('a'), side('b')],
      ...(at === undefined ? {} : { at }),
      ...(address === undefined ? {} : { address }),
    }
  },
}
