import { InputError } from '../../errors.ts'
import type { ModelConfig } from './config.ts'
import type { ModelPart, ModelRequest, Speaker } from './model.ts'

/** What this file uses of `node-llama-cpp` 3, which is not among our packages: a person who wants a local GGUF installs it. */
interface LlamaModule {
  getLlama(): Promise<{ loadModel(options: { modelPath: string }): Promise<{ createContext(): Promise<LlamaContext> }> }>
  LlamaChatSession: new (options: {
    contextSequence: unknown
  }) => {
    setChatHistory(history: readonly object[]): void
    promptWithMeta(text: string, options: object): Promise<{ stopReason: string }>
    dispose(): void
  }
}
interface LlamaContext {
  getSequence(): { dispose(): void }
}

/**
 * A GGUF file on this machine, loaded at the first question. One answer at a time per context: set `concurrency: 1`.
 * @throws InputError `llama-missing` where node-llama-cpp is not installed.
 * @see https://node-llama-cpp.withcat.ai/guide/chat-session
 */
export async function openLlama(config: ModelConfig): Promise<Speaker> {
  const llama = await loadModule()
  let context: Promise<LlamaContext> | undefined
  const open = async () => (await (await llama.getLlama()).loadModel({ modelPath: config.model ?? '' })).createContext()
  return {
    async *stream(request) {
      context ??= open()
      yield* answer(llama, (await context).getSequence(), request)
    },
  }
}

async function loadModule(): Promise<LlamaModule> {
  const name: string = 'node-llama-cpp'
  try {
    const loaded: unknown = await import(name)
    if (isLlama(loaded)) return loaded
  } catch (error) {
    throw new InputError('llama-missing', 'A model with provider llama needs the package node-llama-cpp: npm install node-llama-cpp@3', {
      cause: error,
    })
  }
  throw new InputError(
    'llama-missing',
    'The installed node-llama-cpp is of another version. Install version 3: npm install node-llama-cpp@3',
  )
}

function isLlama(value: unknown): value is LlamaModule {
  return typeof value === 'object' && value !== null && 'getLlama' in value && 'LlamaChatSession' in value
}

async function* answer(
  llama: LlamaModule,
  sequence: { dispose(): void },
  { messages, parameters, signal }: ModelRequest,
): AsyncIterable<ModelPart> {
  const pieces: string[] = []
  let wake = () => {}
  let isDone = false
  const session = new llama.LlamaChatSession({ contextSequence: sequence })
  session.setChatHistory(
    messages
      .slice(0, -1)
      .map(({ role, content }) => (role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content })),
  )
  const running = session
    .promptWithMeta(messages.at(-1)?.content ?? '', {
      maxTokens: parameters.maxTokens,
      temperature: parameters.temperature,
      topP: parameters.topP,
      signal,
      onTextChunk(text: string) {
        pieces.push(text)
        wake()
      },
    })
    .finally(() => {
      isDone = true
      wake()
    })
  // Its rejection is thrown below, by the await; until then it must not count as unhandled.
  running.catch(() => {})
  try {
    while (!isDone || pieces.length > 0) {
      const text = pieces.splice(0).join('')
      if (text !== '') yield { kind: 'text', text }
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
    const { stopReason } = await running
    yield { kind: 'end', finish: stopReason === 'maxTokens' ? 'length' : 'stop' }
  } finally {
    session.dispose()
    sequence.dispose()
  }
}
