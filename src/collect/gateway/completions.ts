import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Message } from '../../conversation.ts'
import { hashReceipt } from '../consent/people.ts'
import { findWithdrawal } from '../consent/withdraw.ts'
import { SiteError } from '../errors.ts'
import { tooMany } from '../guards/take.ts'
import { faultWords, ModelFault, ModelRefusal } from '../models/model.ts'
import type { Model } from '../models/models.ts'
import { readInput, type SiteCall } from '../routes.ts'
import type { Site } from '../site.ts'
import { findKey, type GatewayKey } from './keys.ts'
import { toLogMessages, WireMessage } from './messages.ts'
import { createListener, relayStream, relayWhole } from './relay.ts'
import { speakStream, speakWhole } from './speak.ts'
import type { Threads } from './threads.ts'
import { hashUser, type Keeping, recordTurn } from './turn.ts'

const Wanted = z.looseObject({
  model: z.string(),
  messages: z.array(WireMessage).min(1).max(10_000),
  stream: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  user: z.string().max(512).nullish(),
  tools: z.array(z.unknown()).nullish(),
  n: z.number().nullish(),
})

/** One request to /v1/chat/completions, read and judged. */
interface Asking {
  site: Site
  model: Model
  wanted: z.infer<typeof Wanted>
  id: string
  messages: Message[]
  keeping: Keeping | undefined
  threads: Threads
  signal: AbortSignal
}

/** Answers `POST /v1/chat/completions`: through to the model, kept where the end user agreed. The end of an answer is sent once it is on disk. */
export async function complete(call: SiteCall, threads: Threads): Promise<Response> {
  const { site, request } = call
  const key = await findKey(site, request.headers)
  const seconds = await site.buckets.take({ key: `gateway:${key.id}`, limit: site.limits.turnsOfKey })
  if (seconds > 0) throw tooMany(seconds)
  const wanted = await readInput(request, Wanted)
  const model = site.models.find(wanted.model)
  if (!model || model.config.anonymousOnly)
    throw new SiteError(404, 'model-unknown', `There is no model '${wanted.model}'. See /v1/models.`)
  if (!model.isRelayed && wanted.tools && wanted.tools.length > 0)
    throw new SiteError(
      400,
      'tools-unsupported',
      `Model '${wanted.model}' is not behind an OpenAI-compatible endpoint, and tools only go through to one.`,
    )
  if ((wanted.n ?? 1) !== 1) throw new SiteError(400, 'input-invalid', 'n: this gateway gives one answer a request')
  const messages = toLogMessages(wanted.messages)
  const id = randomBytes(16).toString('hex')
  const keeping = await keepingOf(call, { key, wanted, messages, id, threads })
  if (keeping && !(await site.eventLog.isWritable()))
    throw new SiteError(503, 'log-unwritable', 'This site cannot record conversations at the moment. Try again later.', { retryAfter: 60 })
  // The application's connection going away stops the model.
  const asking: Asking = { site, model, wanted, id, messages, keeping, threads, signal: request.signal }
  return wanted.stream ? streamAnswer(asking) : wholeAnswer(asking)
}

interface Facts {
  key: GatewayKey
  wanted: z.infer<typeof Wanted>
  messages: Message[]
  id: string
  threads: Threads
}

/** What is to be kept of a request; undefined where the end user did not agree, or has withdrawn. */
async function keepingOf({ site, request }: SiteCall, { key, wanted, messages, id, threads }: Facts): Promise<Keeping | undefined> {
  if (request.headers.get('x-colloquy-consent')?.trim().toLowerCase() !== 'granted') return undefined
  const named = request.headers.get('x-colloquy-conversation') ?? undefined
  if (named !== undefined && !/^[\x21-\x7e]{1,128}$/.test(named))
    throw new SiteError(400, 'input-invalid', 'X-Colloquy-Conversation: 1 to 128 printable characters')
  const { conversation, isKnown } = threads.find(key.id, messages, named)
  const user = hashUser(site, key, wanted.user ?? `conversation\n${conversation}`)
  // Who is new with this request cannot have withdrawn.
  const isNew = typeof wanted.user !== 'string' && !isKnown
  if (!isNew && (await findWithdrawal(site, hashReceipt(site.people.receiptOf(user))))) return undefined
  return {
    key,
    user,
    conversation,
    turn: id,
    model: wanted.model,
    messages,
    parameters: parametersOf(wanted),
    startedAt: site.now().getTime(),
  }
}

const parametersOf = ({ temperature, top_p, max_tokens, max_completion_tokens }: z.infer<typeof Wanted>) => ({
  temperature: temperature ?? 1,
  topP: top_p ?? 1,
  maxTokens: max_completion_tokens ?? max_tokens ?? 4096,
})

function openAnswer({ site, model, wanted, id, messages, keeping, signal }: Asking, isStream: boolean, listen: (json: string) => void) {
  const { config } = model
  // The endpoint gets the end user's hash, if anything: the application's name of them is nobody else's.
  const user = keeping?.user ?? undefined
  const { user: _, ...rest } = wanted
  const body = { ...rest, model: config.model, ...(user === undefined ? {} : { user }) }
  const asked = { id, model: config.name, createdAt: site.now().getTime(), messages, parameters: parametersOf(wanted) }
  if (model.isRelayed) return model.through(isStream ? relayStream(body, listen) : relayWhole(body, listen), signal)
  return model.through(isStream ? speakStream(asked, listen) : speakWhole(asked, listen), signal)
}

async function wholeAnswer(asking: Asking): Promise<Response> {
  const { hear, heard } = createListener()
  const startedAt = performance.now()
  let json = ''
  try {
    for await (const part of openAnswer(asking, false, hear)) if (part.kind === 'text') json = part.text
  } catch (error) {
    await finish(asking, heard(), { startedAt, firstTokenMs: null, error })
    throw toSiteError(error)
  }
  await finish(asking, heard(), { startedAt, firstTokenMs: null, error: undefined })
  return new Response(json, { headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'X-Colloquy-Turn': asking.id } })
}

/** The first event is waited for, so that an answer that fails before it has a status of its own. */
async function streamAnswer(asking: Asking): Promise<Response> {
  const stopping = new AbortController()
  const stoppable = { ...asking, signal: AbortSignal.any([asking.signal, stopping.signal]) }
  const events = eventsOf(stoppable)
  const first = await events.next()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (!first.done) controller.enqueue(encoder.encode(first.value))
    },
    async pull(controller) {
      const { value, done } = await events.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      stopping.abort()
      await events.return()
    },
  })
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }
  return new Response(body, { headers: { ...headers, 'X-Colloquy-Turn': asking.id } })
}

/**
 * The events of an answer, as text. What fails before the first one is thrown, later faults are told as an event; `[DONE]` is held back until the answer
 * is on disk. Left early, it records what had come.
 */
async function* eventsOf(asking: Asking): AsyncGenerator<string, void> {
  const { hear, heard } = createListener()
  const startedAt = performance.now()
  let firstTokenMs: number | null = null
  let isFinished = false
  const end = async (error: unknown) => {
    isFinished = true
    await finish(asking, heard(), { startedAt, firstTokenMs, error })
  }
  try {
    for await (const part of openAnswer(asking, true, hear)) {
      if (part.kind === 'end') continue
      firstTokenMs ??= performance.now() - startedAt
      yield part.text
    }
    await end(undefined)
    yield 'data: [DONE]\n\n'
  } catch (error) {
    const known = isFinished ? new SiteError(503, 'log-unwritable', 'The answer could not be recorded.') : toSiteError(error)
    if (!isFinished) await end(error)
    if (firstTokenMs === null) throw known
    if (!asking.signal.aborted) yield `data: ${JSON.stringify(openAiError(known))}\n\n`
  } finally {
    if (!isFinished) await end('gone')
  }
}

interface Ending {
  startedAt: number
  firstTokenMs: number | null
  /** Undefined where the answer is whole. */
  error: unknown
}

async function finish(
  { site, model, keeping, signal, threads, messages }: Asking,
  heard: ReturnType<ReturnType<typeof createListener>['heard']>,
  ending: Ending,
) {
  const { error, firstTokenMs } = ending
  const isStopped = error === 'gone' || (error !== undefined && signal.aborted)
  const code = error === undefined || isStopped ? null : error instanceof ModelFault ? error.code : 'model-failed'
  const how = {
    finish: isStopped ? ('stopped' as const) : code === null ? (heard.finish ?? ('stop' as const)) : ('error' as const),
    error: code,
  }
  site.meters.turn([{ model: model.config.name, finish: how.finish, error: code, firstTokenMs, tokensPerSecond: null }])
  if (!keeping) return
  await recordTurn(site, keeping, heard, how)
  threads.remember(keeping.key.id, [...messages, { role: 'assistant', content: heard.text }], keeping.conversation)
}

function toSiteError(error: unknown): SiteError {
  if (error instanceof SiteError) return error
  if (error instanceof ModelRefusal)
    return new SiteError(
      error.status,
      'model-refused',
      'The model refused this request as it is: too long, or with something that it does not know.',
    )
  const code = error instanceof ModelFault ? error.code : 'model-failed'
  const status =
    code === 'model-limited' ? 429 : code === 'model-timeout' || code === 'model-stalled' ? 504 : code === 'model-busy' ? 503 : 502
  return new SiteError(status, code, faultWords[code], status === 429 || status === 503 ? { retryAfter: 10 } : {})
}

/** An error in the OpenAI protocol's form. */
export const openAiError = ({ code, message, status }: { code: string; message: string; status: number }) => ({
  error: {
    message,
    type: status === 429 ? 'rate_limit_error' : status < 500 ? 'invalid_request_error' : 'server_error',
    param: null,
    code,
  },
})
