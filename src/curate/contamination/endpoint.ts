import { z } from 'zod'
import { AppError, describeError, RetryableError } from '../../errors.ts'

/** An OpenAI-compatible endpoint that the user configured: base URL (up to and with `/v1`), model, and key where it needs one. */
export interface Endpoint {
  url: string
  model: string
  key?: string
}

/** The world outside: `fetch`, and a wait of some milliseconds. */
export interface Network {
  fetch: typeof fetch
  wait(milliseconds: number): Promise<void>
}

/** The process's own network. */
export const network: Network = { fetch, wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) }

const embeddingsSchema = z.object({ data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()) })) })
const chatSchema = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) })

const attempts = 4
const timeoutMs = 60_000

/** Vectors of texts, in their order. @throws RetryableError `endpoint-failed`, AppError `endpoint-refused`, `endpoint-answer` */
export async function fetchEmbeddings(endpoint: Endpoint, texts: readonly string[], world: Network = network): Promise<number[][]> {
  const answer = embeddingsSchema.safeParse(await post(endpoint, 'embeddings', { model: endpoint.model, input: texts }, world))
  const vectors = answer.success ? answer.data.data.sort((one, two) => one.index - two.index).map(({ embedding }) => embedding) : []
  if (vectors.length === texts.length) return vectors
  throw new AppError(
    'endpoint-answer',
    `${hostOf(endpoint)} answered an embeddings request with ${vectors.length} vectors for ${texts.length} texts. Check its model '${endpoint.model}'.`,
  )
}

/** A chat model's answer to one prompt, at temperature 0. @throws as fetchEmbeddings */
export async function fetchAnswer(endpoint: Endpoint, prompt: string, world: Network = network): Promise<string> {
  const body = { model: endpoint.model, temperature: 0, max_tokens: 200, messages: [{ role: 'user', content: prompt }] }
  const answer = chatSchema.safeParse(await post(endpoint, 'chat/completions', body, world))
  const content = answer.success ? answer.data.choices[0]?.message.content : undefined
  if (content !== undefined) return content
  throw new AppError(
    'endpoint-answer',
    `${hostOf(endpoint)} answered a chat request without a message. Check its model '${endpoint.model}'.`,
  )
}

async function post(endpoint: Endpoint, path: string, body: unknown, world: Network): Promise<unknown> {
  let last: unknown
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (attempt > 1) await world.wait(500 * 4 ** (attempt - 2))
    try {
      const response = await world.fetch(`${endpoint.url.replace(/\/+$/, '')}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(endpoint.key ? { authorization: `Bearer ${endpoint.key}` } : {}) },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (response.ok) return await response.json()
      if (response.status < 500 && response.status !== 408 && response.status !== 429) {
        // The body may repeat the text that was sent, so that it is not quoted.
        throw new AppError(
          'endpoint-refused',
          `${hostOf(endpoint)} refused the request with status ${response.status}. Check its URL, key and model '${endpoint.model}'.`,
        )
      }
      last = new Error(`status ${response.status}`)
    } catch (error) {
      if (error instanceof AppError) throw error
      last = error
    }
  }
  throw new RetryableError(
    'endpoint-failed',
    `${hostOf(endpoint)} failed ${attempts} times (${describeError(last)}). Finished work is kept; run the same command again when it is back.`,
    { cause: last },
  )
}

/** The endpoint's host alone: a URL may hold a key. */
function hostOf({ url }: Endpoint): string {
  return URL.canParse(url) ? new URL(url).host : 'The endpoint'
}
