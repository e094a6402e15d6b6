import OpenAI from 'openai'
import { InputError, RetryableError } from '../../errors.ts'

/** How often and how patiently to ask again, and the outside world of it. */
export interface Patience {
  /** Requests for one thing in all (1–20). */
  attempts: number
  /** First pause in milliseconds; it doubles, up to `longestMs`, and up to half of it is taken off by chance. */
  firstMs: number
  longestMs: number
  sleep(ms: number): Promise<void>
  /** 0–1. */
  random(): number
}

/** Spent quota comes as HTTP 429 like a rate limit, a reached limit of spending as 400. @see https://platform.openai.com/docs/guides/error-codes/api-errors */
const spentCodes = ['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active']

/** An answer that came, but not in the documented form. */
export class UnusableAnswer extends Error {}

/** What became of a request: its answer, or why there is none. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; reason: 'refused' | 'unusable' | 'unavailable' }

/**
 * Asks until there is an answer, waiting as the server says (Retry-After) or longer each time. `refused`: the server will not take this request
 * (HTTP 400, 413, 422); `unusable`: answers came, none in the documented form; `unavailable`: no answer.
 * @throws InputError `moderation-key` when the key is not accepted; RetryableError `moderation-quota` when the account's quota is spent: asking again
 * now cannot help.
 */
export async function ask<T>(request: () => Promise<T>, patience: Patience): Promise<Outcome<T>> {
  let reason: 'unusable' | 'unavailable' = 'unavailable'
  for (let attempt = 0; attempt < patience.attempts; attempt += 1) {
    try {
      return { ok: true, value: await request() }
    } catch (error) {
      const status = error instanceof OpenAI.APIError ? error.status : undefined
      if (status === 401 || status === 403) {
        throw new InputError('moderation-key', `The moderation endpoint does not accept the key (HTTP ${status}). Check OPENAI_API_KEY.`)
      }
      if (error instanceof OpenAI.APIError && spentCodes.some((code) => code === error.code || code === error.type)) {
        throw new RetryableError(
          'moderation-quota',
          `The account of the moderation endpoint has no quota left (HTTP ${status}, ${error.code ?? error.type}). Answers so far are kept: see to its credit or its limit of spending, then run the same command again to go on.`,
        )
      }
      if (status === 404) {
        throw new InputError(
          'moderation-endpoint',
          'The moderation endpoint knows no such path or model (HTTP 404). Check OPENAI_BASE_URL and the model.',
        )
      }
      if (status !== undefined && status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status))
        return { ok: false, reason: 'refused' }
      reason = error instanceof UnusableAnswer || error instanceof SyntaxError ? 'unusable' : 'unavailable'
      if (attempt + 1 < patience.attempts) await patience.sleep(pauseOf(error, attempt, patience))
    }
  }
  return { ok: false, reason }
}

function pauseOf(error: unknown, attempt: number, { firstMs, longestMs, random }: Patience): number {
  const own = Math.min(longestMs, firstMs * 2 ** attempt) * (1 - random() / 2)
  const said = error instanceof OpenAI.APIError ? retryAfterMs(error.headers) : undefined
  // The server's word counts, but not for hours: a run that waits longer than ten minutes is better stopped and resumed.
  return said === undefined ? own : Math.min(600_000, said + own / 4)
}

function retryAfterMs(headers: Headers | undefined): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return exact
  const text = headers?.get('retry-after')
  if (!text) return undefined
  const seconds = Number(text)
  if (seconds >= 0) return seconds * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
