import type { Message } from '../../conversation.ts'

/** How a model is asked to sample. `temperature` 0–2, `topP` 0–1, `maxTokens` ≥ 1. */
export interface Parameters {
  temperature: number
  topP: number
  maxTokens: number
}

/** One request to a model: the conversation so far, its last message being the person's. */
export interface ModelRequest {
  messages: readonly Message[]
  parameters: Parameters
  signal: AbortSignal
}

/** What a model streams: pieces of text, then how it ended. A stream that ends without `end` was cut. */
export type ModelPart = { kind: 'text'; text: string } | { kind: 'end'; finish: 'stop' | 'length' }

/** Something that answers. */
export interface Speaker {
  /**
   * Streams one answer.
   * @throws ModelFault for what the model's side did wrong.
   */
  stream(request: ModelRequest): AsyncIterable<ModelPart>
  /** Resolves when the model is reachable; absent where nothing can be asked without cost. */
  check?(signal: AbortSignal): Promise<void>
}

/** Why an answer failed: stable codes, the `error.code` of an answer. */
export type FaultCode =
  | 'model-timeout'
  | 'model-stalled'
  | 'model-cut'
  | 'model-limited'
  | 'model-failed'
  | 'model-garbled'
  | 'model-empty'
  | 'model-busy'

/** A model that failed. Its message is for people and names neither endpoint nor key; in a battle it names no model. */
export class ModelFault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, cause?: unknown) {
    super(faultWords[code], cause === undefined ? undefined : { cause })
    this.name = 'ModelFault'
    this.code = code
  }
}

/** What people are told of a fault. */
export const faultWords: Readonly<Record<FaultCode, string>> = {
  'model-timeout': 'The model took too long. Try again, or try another model.',
  'model-stalled': 'The model stopped in the middle of its answer. What came is kept; try again.',
  'model-cut': 'The connection to the model was lost in the middle of its answer. What came is kept; try again.',
  'model-limited': 'The model has too many requests at the moment. Try again in a minute.',
  'model-failed': 'The model could not answer. Try again, or try another model.',
  'model-garbled': 'The model’s answer could not be read. Try again, or try another model.',
  'model-empty': 'The model answered with nothing. Try again, or put it in other words.',
  'model-busy': 'The model is answering as many people as it can. Try again in a moment.',
}

/** A request that the model refused as it was: too long, or not understood. The model is well; asking another endpoint would not help. */
export class ModelRefusal extends ModelFault {
  /** HTTP status of the refusal, 400–499. */
  readonly status: number

  constructor(status: number) {
    super('model-failed')
    this.name = 'ModelRefusal'
    this.status = status
  }
}

/** The fault that an endpoint's HTTP status stands for. */
export function faultOfStatus(status: number): ModelFault {
  if (status === 429) return new ModelFault('model-limited')
  return status === 400 || status === 413 || status === 422 ? new ModelRefusal(status) : new ModelFault('model-failed')
}
