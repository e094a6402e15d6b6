import { fileURLToPath } from 'node:url'
import { InputError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { type Buckets, createBuckets } from '../guards/buckets.ts'
import type { ModelConfig } from './config.ts'
import { echo } from './demo-echo.ts'
import { eliza } from './demo-eliza.ts'
import { openRetrieval } from './demo-retrieval.ts'
import { ModelFault, type ModelPart, ModelRefusal, type ModelRequest, type Speaker } from './model.ts'
import { openOpenAi } from './openai.ts'
import { watchStream } from './watch.ts'

/** How a model stands: answering, answering as many as it may, or out of order. */
export type ModelStatus = 'up' | 'busy' | 'down'

/** A model as the site uses it. */
export interface Model {
  readonly config: ModelConfig
  status(): ModelStatus
  /** Answers under way. */
  active(): number
  /**
   * Streams an answer. Another endpoint of the model takes over where one fails before its first text.
   * @throws ModelFault, or the signal's reason when it is aborted.
   */
  answer(request: Omit<ModelRequest, 'signal'>, signal: AbortSignal): AsyncIterable<ModelPart>
  /** The same, with what an endpoint is asked and how it is read being the caller's: `open` gives its stream. */
  through(open: OpenStream, signal: AbortSignal): AsyncIterable<ModelPart>
  /** Whether its endpoints speak the OpenAI protocol, so that a request can go through unchanged. */
  readonly isRelayed: boolean
}

/** Opens a stream at one of a model's endpoints. */
export type OpenStream = (endpoint: Pick<Endpoint, 'url' | 'key' | 'speaker'>, signal: AbortSignal) => AsyncIterable<ModelPart>

/** The models of a site. */
export interface Models {
  readonly all: readonly Model[]
  find(name: string): Model | undefined
  /** Asks every endpoint that can be asked whether it is there. */
  checkAll(): Promise<void>
  close(): void
}

interface Endpoint {
  url: string | undefined
  key: string | undefined
  speaker: Speaker
  failures: number
  downUntil: number
}

const checkEveryMs = 30_000
const checkWithinMs = 10_000
/** Three failures in a row put an endpoint out of order for 15 s, then twice as long each time, up to 5 minutes. */
const failuresToDown = 3
const downMs = 15_000
const mostDownMs = 300_000
const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))

/**
 * Opens models as configured; `env` holds their keys, `buckets` count what each may be asked in a minute.
 * @throws InputError `model-key-missing`, `llama-missing`.
 */
export async function openModels(
  configs: readonly ModelConfig[],
  { env, log, buckets = createBuckets(() => performance.now()) }: Omit<Around, 'buckets'> & Partial<Pick<Around, 'buckets'>>,
): Promise<Models> {
  const opened = await Promise.all(configs.map((config) => openModel(config, { env, log, buckets })))
  const all = opened.map(({ model }) => model)
  const checkAll = async () => {
    await Promise.all(opened.map(({ check }) => check()))
  }
  const timer = setInterval(() => void checkAll(), checkEveryMs)
  timer.unref()
  return { all, find: (name) => all.find(({ config }) => config.name === name), checkAll, close: () => clearInterval(timer) }
}

interface Around {
  env: Readonly<Record<string, string | undefined>>
  log: Log
  buckets: Buckets
}

async function openModel(config: ModelConfig, { env, log, buckets }: Around): Promise<{ model: Model; check: () => Promise<void> }> {
  const key = keyOf(config, env)
  const urls = config.endpoint === undefined ? [undefined] : [config.endpoint].flat()
  const endpoints: Endpoint[] = await Promise.all(
    urls.map(async (url) => ({ url, key, speaker: await openSpeaker(config, url, key), failures: 0, downUntil: 0 })),
  )
  let active = 0
  const limit = { burst: Math.max(10, Math.ceil(config.requestsPerMinute / 10)), perMinute: config.requestsPerMinute }
  const isUp = ({ downUntil }: Endpoint) => downUntil <= performance.now()

  const settle = (endpoint: Endpoint, fault: ModelFault | undefined) => {
    // Being busy or having nothing to say is no outage.
    if (fault && (fault.code === 'model-busy' || fault.code === 'model-empty' || fault instanceof ModelRefusal)) return
    endpoint.failures = fault ? endpoint.failures + 1 : 0
    if (!fault) {
      if (endpoint.downUntil > 0) log.info('model.recovered', { model: config.name })
      endpoint.downUntil = 0
    } else if (endpoint.failures >= failuresToDown) {
      const lasts = Math.min(mostDownMs, downMs * 2 ** (endpoint.failures - failuresToDown))
      endpoint.downUntil = performance.now() + lasts
      log.warn('model.down', { model: config.name, code: fault.code, seconds: lasts / 1000 })
    }
  }

  async function* through(open: OpenStream, signal: AbortSignal): AsyncIterable<ModelPart> {
    if (active >= config.concurrency) throw new ModelFault('model-busy')
    active++
    try {
      if ((await buckets.take({ key: `model:${config.name}`, limit })) > 0) throw new ModelFault('model-busy')
      // Those out of order come last, so that a model whose endpoints are all down is tried all the same.
      const order = [...endpoints].sort((a, b) => Number(isUp(b)) - Number(isUp(a)))
      for (const [index, endpoint] of order.entries()) {
        let hasText = false
        try {
          for await (const part of watchStream((inner) => open(endpoint, inner), config.timeouts, signal)) {
            hasText = true
            yield part
          }
          settle(endpoint, undefined)
          return
        } catch (error) {
          if (signal.aborted) throw error
          const fault = error instanceof ModelFault ? error : new ModelFault('model-failed', error)
          settle(endpoint, fault)
          if (hasText || index === order.length - 1 || fault instanceof ModelRefusal) throw fault
        }
      }
    } finally {
      active--
    }
  }
  const answer: Model['answer'] = (request, signal) =>
    through(({ speaker }, inner) => speaker.stream({ ...request, signal: inner }), signal)

  const check = async () => {
    for (const endpoint of endpoints) {
      if (!endpoint.speaker.check) continue
      try {
        await endpoint.speaker.check(AbortSignal.timeout(checkWithinMs))
        settle(endpoint, undefined)
      } catch (error) {
        settle(endpoint, error instanceof ModelFault ? error : new ModelFault('model-failed', error))
      }
    }
  }

  const status = (): ModelStatus => (endpoints.some(isUp) ? (active >= config.concurrency ? 'busy' : 'up') : 'down')
  const isRelayed = config.provider === 'openai-compatible'
  return { model: { config, status, active: () => active, answer, through, isRelayed }, check }
}

function keyOf({ name, key }: ModelConfig, env: Around['env']): string | undefined {
  if (key === undefined) return undefined
  const value = env[key]
  if (value) return value
  throw new InputError('model-key-missing', `Model '${name}' takes its key from the environment variable ${key}, which is not set.`)
}

async function openSpeaker(config: ModelConfig, url: string | undefined, key: string | undefined): Promise<Speaker> {
  if (config.provider === 'echo') return echo
  if (config.provider === 'eliza') return eliza
  if (config.provider === 'retrieval') return openRetrieval(docs)
  if (config.provider === 'llama') return (await import('./llama.ts')).openLlama(config)
  if (config.provider === 'openai-compatible') return openOpenAi({ url: url ?? '', key, model: config.model ?? '' })
  return (await import('./endpoint.ts')).openEndpoint(config, url, key)
}
