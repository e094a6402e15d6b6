import { ModelFault, type ModelPart } from './model.ts'

/** How long an answer may take, in seconds: until its first text, between two texts, and as a whole. */
export interface Timeouts {
  firstToken: number
  stall: number
  total: number
}

const over = new Error('The stream is over.')

/**
 * A model's stream under watch: ends in a ModelFault where it takes too long, breaks off or says nothing, even when the stream itself ignores being
 * aborted. Aborting `signal` ends it with the signal's reason.
 */
export async function* watchStream(
  open: (signal: AbortSignal) => AsyncIterable<ModelPart>,
  timeouts: Timeouts,
  signal: AbortSignal,
): AsyncIterable<ModelPart> {
  const controller = new AbortController()
  let reason: unknown
  let hasText = false
  let fail: (reason: unknown) => void = () => {}
  const end = (why: unknown) => {
    reason ??= why
    controller.abort(why)
    fail(why)
  }
  const stop = () => end(signal.reason)
  const total = setTimeout(() => end(new ModelFault('model-timeout')), timeouts.total * 1000)
  let pause = setTimeout(() => end(new ModelFault('model-timeout')), timeouts.firstToken * 1000)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const stream = open(controller.signal)[Symbol.asyncIterator]()
    let isEnded = false
    while (!isEnded) {
      const step = await new Promise<IteratorResult<ModelPart>>((resolve, reject) => {
        if (reason !== undefined) reject(reason)
        fail = reject
        stream.next().then(resolve, reject)
      })
      if (step.done) throw new ModelFault(hasText ? 'model-cut' : 'model-empty')
      if (step.value.kind === 'end') {
        if (!hasText) throw new ModelFault('model-empty')
        isEnded = true
      } else if (hasText) pause.refresh()
      else {
        hasText = true
        clearTimeout(pause)
        pause = setTimeout(() => end(new ModelFault('model-stalled')), timeouts.stall * 1000)
      }
      yield step.value
    }
  } catch (error) {
    throw reason ?? error
  } finally {
    clearTimeout(total)
    clearTimeout(pause)
    signal.removeEventListener('abort', stop)
    // Frees the connection of a stream that is not wanted any more. A reason of ours spares the making of an error with its stack.
    controller.abort(over)
  }
}
