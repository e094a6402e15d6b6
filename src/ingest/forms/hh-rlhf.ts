import { createHash } from 'node:crypto'
import type { Message } from '../../conversation.ts'
import { type ChatEntry, type Form, LineRefusal } from '../entry.ts'
import { nonEmpty, storable } from '../fields.ts'

/** Anthropic's preference pairs: `{chosen, rejected}`, each `\n\nHuman: …\n\nAssistant: …`. The chosen one is side A and wins. */
export const hhRlhf: Form = {
  name: 'hh-rlhf',
  matches: (record) => typeof record.chosen === 'string' && typeof record.rejected === 'string',
  read(record) {
    const chosen = storable(record.chosen)
    const rejected = storable(record.rejected)
    const id = createHash('sha256')
      .update(JSON.stringify([chosen, rejected]))
      .digest('hex')
      .slice(0, 32)
    const side = (name: string, text: string): ChatEntry => ({
      kind: 'conversation',
      id: `${id}-${name}`,
      model: 'unknown',
      messages: readTranscript(text),
    })
    return { kind: 'battle', id, winner: 'model_a', anonymous: true, sides: [side('chosen', chosen), side('rejected', rejected)] }
  },
}

function readTranscript(text: string): Message[] {
  const [before = '', ...parts] = text.split(/\n\n(Human|Assistant):/)
  if (before.trim() !== '') throw new LineRefusal('role-unknown')
  const messages: Message[] = []
  for (let index = 0; index + 1 < parts.length; index += 2) {
    messages.push({ role: parts[index] === 'Human' ? 'user' : 'assistant', content: (parts[index + 1] ?? '').trim() })
  }
  return nonEmpty(messages)
}
