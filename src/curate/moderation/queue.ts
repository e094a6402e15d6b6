import { RetryableError } from '../../errors.ts'
import { type Answers, answerKey } from './answers.ts'
import { failedModeration, type MessageModeration } from './categories.ts'
import type { Outcome } from './retry.ts'

/** How a remote source is asked. */
export interface QueueOptions {
  /** Who is asked, for the key of an answer: endpoint, model, prompt. */
  asker: string
  answers: Answers
  /** Texts a request (1–1,000). */
  batch: number
  /** Requests at once (1–64). */
  concurrency: number
  /** Sends one request; one answer a text, in order. */
  send(texts: readonly string[]): Promise<Outcome<MessageModeration[]>>
}

/** Collects texts into requests. Each gets exactly one answer: a paid one, or a mark that it failed. */
export interface Queue {
  judge(text: string): Promise<MessageModeration>
  /** Texts that failed for good so far. */
  failed(): number
}

interface Waiting {
  text: string
  key: string
  resolve(answer: MessageModeration): void
  reject(error: unknown): void
}

/** Requests in a row without an answer after which the endpoint counts as down. */
const downAfter = 3

/**
 * Opens the queue of a remote source. Answers that were paid before are taken from `answers`; the same text twice is asked once. A request that the
 * server refuses or answers unusably is halved until the text at fault stands alone; that one is marked failed.
 * @throws RetryableError `moderation-unavailable` from judge() when the endpoint gives no answer to three requests in a row.
 */
export function openQueue({ asker, answers, batch, concurrency, send }: QueueOptions): Queue {
  const waiting: Waiting[] = []
  const asked = new Map<string, Promise<MessageModeration>>()
  let running = 0
  let failures = 0
  let unanswered = 0
  let isScheduled = false

  const start = () => {
    isScheduled = false
    while (running < concurrency && waiting.length > 0) {
      running += 1
      const texts = waiting.splice(0, batch)
      settle(texts)
        .catch((error: unknown) => {
          // The run ends here: what still waits must not be sent, and paid, after its caller is gone.
          for (const one of [...texts, ...waiting.splice(0)]) one.reject(error)
        })
        .finally(() => {
          running -= 1
          start()
        })
    }
  }

  const settle = async (texts: readonly Waiting[]): Promise<void> => {
    const outcome = await send(texts.map(({ text }) => text))
    if (outcome.ok) {
      unanswered = 0
      texts.forEach((one, at) => {
        const answer = outcome.value[at] ?? failedModeration('missing')
        if (answer.failed === undefined) answers.put(one.key, answer)
        else failures += 1
        one.resolve(answer)
      })
      return
    }
    if (outcome.reason === 'unavailable') {
      unanswered += 1
      if (unanswered >= downAfter) {
        throw new RetryableError(
          'moderation-unavailable',
          `The moderation endpoint gave no answer to ${unanswered} requests in a row, each tried several times. Answers so far are kept: run the same command again to go on.`,
        )
      }
    }
    const [only] = texts
    if (texts.length === 1 && only) {
      failures += 1
      only.resolve(failedModeration(outcome.reason))
      return
    }
    const half = Math.ceil(texts.length / 2)
    await settle(texts.slice(0, half))
    await settle(texts.slice(half))
  }

  return {
    judge(text) {
      const key = answerKey(asker, text)
      const known = answers.get(key)
      if (known) return Promise.resolve(known)
      const underWay = asked.get(key)
      if (underWay) return underWay
      const answer = new Promise<MessageModeration>((resolve, reject) => {
        waiting.push({ text, key, resolve, reject })
        if (!isScheduled) setImmediate(start)
        isScheduled = true
      }).finally(() => asked.delete(key))
      asked.set(key, answer)
      return answer
    },
    failed: () => failures,
  }
}
