import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { APICallError } from 'ai'
import type { Message } from '../../conversation.ts'
import type { ModelConfig } from './config.ts'
import { faultOfStatus, ModelFault, type ModelPart, type ModelRequest, type Speaker } from './model.ts'

type Remote = ReturnType<ReturnType<typeof createAnthropic>>
type Prompt = Parameters<Remote['doStream']>[0]['prompt']

/** A model of Anthropic or Google, by the AI SDK. `url` is one of the model's endpoints, or undefined for the provider's own. */
export function openEndpoint(config: ModelConfig, url: string | undefined, key: string | undefined): Speaker {
  const model = connect(config, url, key)
  return { stream: (request) => streamFrom(model, request) }
}

function connect({ provider, model = '' }: ModelConfig, url: string | undefined, key: string | undefined) {
  const at = { ...(url === undefined ? {} : { baseURL: url.replace(/\/+$/, '') }), ...(key === undefined ? {} : { apiKey: key }) }
  return provider === 'google' ? createGoogleGenerativeAI(at)(model) : createAnthropic(at)(model)
}

async function* streamFrom(model: Pick<Remote, 'doStream'>, { messages, parameters, signal }: ModelRequest): AsyncIterable<ModelPart> {
  try {
    const { stream } = await model.doStream({
      prompt: toPrompt(messages),
      temperature: parameters.temperature,
      topP: parameters.topP,
      maxOutputTokens: parameters.maxTokens,
      abortSignal: signal,
    })
    for await (const part of stream) {
      if (part.type === 'text-delta' && part.delta !== '') yield { kind: 'text', text: part.delta }
      if (part.type === 'error') throw faultOf(part.error)
      // A stream that breaks off has no reason that the endpoint gave: it is left without an end.
      if (part.type === 'finish' && part.finishReason.raw !== undefined)
        yield { kind: 'end', finish: part.finishReason.unified === 'length' ? 'length' : 'stop' }
    }
  } catch (error) {
    throw error instanceof ModelFault || signal.aborted ? error : faultOf(error)
  }
}

function toPrompt(messages: readonly Message[]): Prompt {
  return messages.map(({ role, content }) => (role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] }))
}

/** The SDK's errors name URLs and bodies; only their kind goes on. */
function faultOf(error: unknown): ModelFault {
  if (APICallError.isInstance(error)) {
    if (error.statusCode === undefined) return new ModelFault('model-failed')
    // What cannot be read at the beginning of a stream the SDK tells as a refusal, with its own error as the reply's body.
    if (/^\{"name":"AI_(JSONParse|TypeValidation)/.test(error.responseBody ?? '')) return new ModelFault('model-garbled')
    if (error.statusCode >= 300) return faultOfStatus(error.statusCode)
    return new ModelFault(error.cause instanceof TypeError ? 'model-cut' : 'model-garbled')
  }
  const name = error instanceof Error ? error.name : ''
  if (/JSONParse|TypeValidation/.test(name)) return new ModelFault('model-garbled')
  // The SDK's word for a stream without an end.
  if (error instanceof TypeError || /InvalidResponseData/.test(name)) return new ModelFault('model-cut')
  return new ModelFault('model-failed')
}
