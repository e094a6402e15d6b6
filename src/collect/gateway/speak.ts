import type { Message } from '../../conversation.ts'
import type { ModelPart, Parameters } from '../models/model.ts'
import type { OpenStream } from '../models/models.ts'

/** Asks a model that does not speak the OpenAI protocol, and writes its stream as that protocol's events, as relayStream would give them. */
export function speakStream(asked: Asked, listen: (json: string) => void): OpenStream {
  return async function* (endpoint, signal): AsyncIterable<ModelPart> {
    const chunk = (delta: object, finish: string | null) => {
      const json = JSON.stringify({ ...headOf(asked, 'chat.completion.chunk'), choices: [{ index: 0, delta, finish_reason: finish }] })
      listen(json)
      return `data: ${json}\n\n`
    }
    let isFirst = true
    for await (const part of endpoint.speaker.stream({ ...asked, signal })) {
      if (part.kind === 'end') {
        yield { kind: 'text', text: chunk({}, part.finish) }
        yield part
      } else {
        yield { kind: 'text', text: chunk({ ...(isFirst ? { role: 'assistant' } : {}), content: part.text }, null) }
        isFirst = false
      }
    }
  }
}

/** The same as one whole answer. Tokens are not counted: usage is left out. */
export function speakWhole(asked: Asked, listen: (json: string) => void): OpenStream {
  return async function* (endpoint, signal): AsyncIterable<ModelPart> {
    let content = ''
    for await (const part of endpoint.speaker.stream({ ...asked, signal })) {
      if (part.kind === 'text') content += part.text
      else {
        const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: part.finish }]
        const json = JSON.stringify({ ...headOf(asked, 'chat.completion'), choices })
        listen(json)
        yield { kind: 'text', text: json }
        yield part
      }
    }
  }
}

/** What a model is asked. */
export interface Asked {
  id: string
  model: string
  createdAt: number
  messages: readonly Message[]
  parameters: Parameters
}

const headOf = ({ id, model, createdAt }: Asked, object: string) => ({
  id: `chatcmpl-${id}`,
  object,
  created: Math.floor(createdAt / 1000),
  model,
})
