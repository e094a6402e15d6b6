import type { EventLog } from '../../src/collect/event-log.ts'
import { RetryableError } from '../../src/errors.ts'

/** A log over a real one that can be made to fail, as a full disk does: the first append fails, and from then on it says that it cannot be written. */
export function createEventLogThatFails(): { over(log: EventLog): EventLog; fail(isFull: boolean): void } {
  let isFull = false
  let hasFailed = false
  return {
    fail(full) {
      isFull = full
    },
    over: (log) => ({
      ...log,
      async append(...events) {
        if (!isFull) return log.append(...events)
        hasFailed = true
        throw new RetryableError('log-unwritable', 'No space left on device.')
      },
      async isWritable() {
        if (!isFull) hasFailed = false
        return !hasFailed
      },
    }),
  }
}
