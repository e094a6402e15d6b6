import { z } from 'zod'
import type { Message } from '../../conversation.ts'
import { storable } from '../text.ts'

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })
const ToolCall = z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string().optional() }).optional() })

/** A message as the OpenAI protocol has it; what we do not know of goes through unchanged. */
export const WireMessage = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(Part), z.null()]).optional(),
  tool_calls: z.array(ToolCall).nullish(),
})

/** Tool calls of an answer, put together from a stream or whole. */
export type Calls = readonly { name: string; arguments: string }[]

/**
 * Messages as the event log keeps them: person and model in turn, the system's words first. What a tool was asked and said is written in brackets; what
 * is no text is named only; two messages in a row of one side become one.
 */
export function toLogMessages(messages: readonly z.infer<typeof WireMessage>[]): Message[] {
  const folded: Message[] = []
  for (const { role, content, tool_calls } of messages) {
    const speaker = role === 'assistant' ? 'assistant' : role === 'system' || role === 'developer' ? 'system' : 'user'
    const said = textOf(content)
    const calls = (tool_calls ?? []).map((call) => ({ name: call.function?.name ?? '', arguments: call.function?.arguments ?? '' }))
    const text = role === 'tool' || role === 'function' ? `[tool result: ${said}]` : withCalls(said, calls)
    const last = folded.at(-1)
    if (last?.role === speaker) last.content = `${last.content}\n\n${text}`
    else folded.push({ role: speaker, content: text })
  }
  const system = folded.filter(({ role }) => role === 'system').map(({ content }) => content)
  const spoken = mergeNeighbours(folded.filter(({ role }) => role !== 'system'))
  // The log tells speakers by their places: the person comes first.
  const opened: Message[] = spoken[0]?.role === 'assistant' ? [{ role: 'user', content: '' }, ...spoken] : spoken
  return system.length === 0 ? opened : [{ role: 'system', content: system.join('\n\n') }, ...opened]
}

/** An answer's text with the tools that it calls. */
export function withCalls(text: string, calls: Calls): string {
  const written = calls.map((call) => `[tool call: ${call.name}(${call.arguments})]`)
  return storable([...(text === '' ? [] : [text]), ...written].join('\n'))
}

function textOf(content: z.infer<typeof WireMessage>['content']): string {
  if (typeof content === 'string') return storable(content)
  return storable((content ?? []).map((part) => part.text ?? `[${part.type}]`).join('\n'))
}

function mergeNeighbours(messages: readonly Message[]): Message[] {
  const merged: Message[] = []
  for (const message of messages) {
    const last = merged.at(-1)
    if (last?.role === message.role) last.content = `${last.content}\n\n${message.content}`
    else merged.push({ ...message })
  }
  return merged
}
