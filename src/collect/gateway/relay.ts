import { z } from 'zod'
import { readEvents } from '../models/events.ts'
import { ModelFault, type ModelPart } from '../models/model.ts'
import type { OpenStream } from '../models/models.ts'
import { post } from '../models/post.ts'
import type { Calls } from './messages.ts'

const CallPart = z.looseObject({
  index: z.number().int().min(0).max(1000).optional(),
  function: z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() }).optional(),
})
const Choice = z.looseObject({
  delta: z.looseObject({ content: z.string().nullish(), tool_calls: z.array(CallPart).nullish() }).nullish(),
  message: z.looseObject({ content: z.string().nullish(), tool_calls: z.array(CallPart).nullish() }).nullish(),
  finish_reason: z.string().nullish(),
})
const Completion = z.looseObject({ id: z.string().optional(), choices: z.array(Choice).default([]), error: z.unknown().optional() })

/** What an endpoint's answer said, put together while it goes through. */
export interface Heard {
  text: string
  calls: Calls
  finish: 'stop' | 'length' | null
  /** The endpoint's own id of the answer. */
  id: string | undefined
}

/** A listener that hears one completion: pieces of a stream, or the whole at once. */
export function createListener(): { hear(json: string): void; heard(): Heard } {
  let text = ''
  let finish: Heard['finish'] = null
  let id: string | undefined
  const calls: { name: string; arguments: string }[] = []
  return {
    hear(json) {
      const value = parse(json)
      const piece = plainPiece(value)
      if (piece !== undefined && id !== undefined) {
        text += piece
        return
      }
      const parsed = Completion.safeParse(value)
      if (!parsed.success || parsed.data.error) throw new ModelFault(parsed.success ? 'model-failed' : 'model-garbled')
      id ??= parsed.data.id
      const [choice] = parsed.data.choices
      const said = choice?.delta ?? choice?.message
      text += said?.content ?? ''
      for (const [place, call] of (said?.tool_calls ?? []).entries()) {
        const index = call.index ?? place
        const held = calls[index] ?? { name: '', arguments: '' }
        calls[index] = { name: held.name + (call.function?.name ?? ''), arguments: held.arguments + (call.function?.arguments ?? '') }
      }
      if (choice?.finish_reason) finish = choice.finish_reason === 'length' ? 'length' : 'stop'
    },
    heard: () => ({ text, calls: calls.filter(Boolean), finish, id }),
  }
}

/** Opens an endpoint's stream of server-sent events as it is: each part is one event's text. `[DONE]` becomes the end, and is the caller's to send. */
export function relayStream(body: object, listen: (json: string) => void): OpenStream {
  return async function* ({ url, key }, signal): AsyncIterable<ModelPart> {
    let isWhole = false
    for await (const { data, text } of readEvents(ask({ url, key, body, signal }))) {
      if (data === '[DONE]') {
        isWhole = true
        break
      }
      listen(data)
      yield { kind: 'text', text: `${text}\n\n` }
    }
    if (isWhole) yield { kind: 'end', finish: 'stop' }
  }
}

/** Asks an endpoint for a whole answer: one part with its JSON. */
export function relayWhole(body: object, listen: (json: string) => void): OpenStream {
  return async function* ({ url, key }, signal): AsyncIterable<ModelPart> {
    let json = ''
    for await (const text of ask({ url, key, body, signal })) json += text
    listen(json)
    yield { kind: 'text', text: json }
    yield { kind: 'end', finish: 'stop' }
  }
}

interface Ask {
  url: string | undefined
  key: string | undefined
  body: object
  signal: AbortSignal
}

function ask({ url, key, body, signal }: Ask): AsyncIterable<string> {
  const headers = { 'Content-Type': 'application/json', ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }) }
  return post(`${(url ?? '').replace(/\/+$/, '')}/chat/completions`, { headers, body: JSON.stringify(body), signal })
}

/** The text of the usual chunk, which has nothing else to hear; read by hand, since a schema for each chunk costs more than all else. */
function plainPiece(chunk: unknown): string | undefined {
  if (
    typeof chunk !== 'object' ||
    chunk === null ||
    ('error' in chunk && chunk.error) ||
    !('choices' in chunk) ||
    !Array.isArray(chunk.choices)
  )
    return undefined
  const choice: unknown = chunk.choices[0]
  if (typeof choice !== 'object' || choice === null || !('delta' in choice) || ('finish_reason' in choice && choice.finish_reason))
    return undefined
  const { delta } = choice
  if (typeof delta !== 'object' || delta === null || ('tool_calls' in delta && delta.tool_calls)) return undefined
  return 'content' in delta && typeof delta.content === 'string' ? delta.content : undefined
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
