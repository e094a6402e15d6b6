import type { Message } from '../../conversation.ts'
import { branchTo } from '../branch.ts'
import type { Form, JsonObject } from '../entry.ts'
import { isObject, modelOrUnknown, nonEmpty, objectOf, requiredId, storable, textOrUndefined, timeOf } from '../fields.ts'

/**
 * ChatGPT's export, `conversations.json`: each chat is a tree of messages; the branch that ends at `current_node` is the chat as the person left
 * it. Only what was said is taken: hidden, tool, code and reasoning nodes are left out.
 */
export const chatgpt: Form = {
  name: 'chatgpt',
  matches: (record) => isObject(record.mapping) && ('current_node' in record || 'create_time' in record),
  read(record) {
    const nodes = objectOf(record.mapping, 'messages-missing')
    const branch = branchTo(nodes, record.current_node ?? lastLeaf(nodes), 'parent')
    const said = branch.flatMap((node) => (isObject(node.message) ? [node.message] : [])).filter(isSaid)
    const models = said.map(modelSlug).filter((slug) => slug !== undefined)
    const startedAt = timeOf(record.create_time)
    const order = timeOf(record.update_time)
    return {
      kind: 'conversation',
      id: requiredId(record.conversation_id ?? record.id),
      model: modelOrUnknown(models.at(-1), record.default_model_slug),
      messages: nonEmpty(said.map(toMessage)),
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(order === undefined ? {} : { order }),
    }
  },
}

function isSaid(message: JsonObject): boolean {
  const role = isObject(message.author) ? message.author.role : undefined
  const metadata = isObject(message.metadata) ? message.metadata : {}
  const type = isObject(message.content) ? message.content.content_type : undefined
  const isHidden = metadata.is_visually_hidden_from_conversation === true || (message.recipient ?? 'all') !== 'all'
  return (role === 'user' || role === 'assistant' || role === 'system') && !isHidden && isText(type) && partsOf(message).join('') !== ''
}

function isText(type: unknown): boolean {
  return type === 'text' || type === 'multimodal_text'
}

function partsOf(message: JsonObject): string[] {
  const parts = isObject(message.content) ? message.content.parts : undefined
  return Array.isArray(parts) ? parts.filter((part) => typeof part === 'string') : []
}

function toMessage(message: JsonObject): Message {
  const role = isObject(message.author) ? message.author.role : undefined
  return {
    role: role === 'user' ? 'user' : role === 'system' ? 'system' : 'assistant',
    content: storable(partsOf(message).join('\n')),
  }
}

function modelSlug(message: JsonObject): string | undefined {
  return isObject(message.metadata) ? textOrUndefined(message.metadata.model_slug) : undefined
}

/** Old exports name no current node: the last node without children. */
function lastLeaf(nodes: JsonObject): string | undefined {
  return Object.keys(nodes)
    .filter((id) => {
      const node = nodes[id]
      return isObject(node) && (!Array.isArray(node.children) || node.children.length === 0)
    })
    .at(-1)
}
