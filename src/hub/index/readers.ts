import { Worker } from 'node:worker_threads'
import { compiled } from '../../compiled.ts'
import { HubError } from '../errors.ts'
import type { tasks } from './tasks.ts'
import type { Answer } from './worker.ts'

type Tasks = typeof tasks
type Input<K extends keyof Tasks> = Parameters<Tasks[K]>[0]
type Output<K extends keyof Tasks> = Awaited<ReturnType<Tasks[K]>>

/** Threads that answer questions of indexes and files, so that none of them holds up other requests. */
export interface Readers {
  /**
   * Asks the first thread that is free; questions wait in the order that they came.
   * @throws HubError as the task throws; 500 `TooBigContentError` when it takes longer than its limit or its thread dies: files of strangers can ask for that.
   */
  ask<K extends keyof Tasks>(task: K, input: Input<K>): Promise<Output<K>>
  /** Has every thread let go of an index that is removed; questions that still wait for it are refused. */
  forget(folder: string): Promise<void>
  close(): Promise<void>
}

const LIMIT_MS = 30_000
/** A thread has one question to work on and one to go on with; those behind wait for any thread, so that a long one holds up no more. */
const AT_ONCE = 2

interface Question {
  task: keyof Tasks
  input: unknown
  resolve(output: never): void
  reject(error: unknown): void
}

interface Thread {
  worker: Worker
  asked: Map<number, Question>
  timer: NodeJS.Timeout | undefined
}

/** Opens `size` threads, each when it is needed; one task may take `limitMs`. */
export function openReaders(size: number, limitMs = LIMIT_MS): Readers {
  const threads: Thread[] = []
  const queue: Question[] = []
  let count = 0
  let isClosed = false

  const start = (): Thread => {
    const worker = new Worker(compiled(import.meta.url, './worker'), { resourceLimits: { maxOldGenerationSizeMb: 768 } })
    worker.unref()
    const thread: Thread = { worker, asked: new Map(), timer: undefined }
    threads.push(thread)
    const end = () => {
      clearTimeout(thread.timer)
      const at = threads.indexOf(thread)
      if (at < 0) return
      threads.splice(at, 1)
      for (const { reject } of thread.asked.values()) reject(tooBig())
      thread.asked.clear()
      sendQueued()
    }
    worker.once('error', end)
    worker.once('exit', end)
    worker.on('message', (answer: Answer) => {
      const question = thread.asked.get(answer.id)
      thread.asked.delete(answer.id)
      sendQueued()
      watch(thread)
      if ('output' in answer) question?.resolve(answer.output as never)
      else question?.reject(answer.code ? new HubError(answer.status ?? 500, answer.code, answer.message) : new Error(answer.message))
    })
    return thread
  }

  // A thread works on one task after the other: each answer begins the time of the next.
  const watch = (thread: Thread) => {
    clearTimeout(thread.timer)
    if (thread.asked.size === 0) return
    thread.timer = setTimeout(() => void thread.worker.terminate(), limitMs)
    thread.timer.unref()
  }

  const send = (thread: Thread, question: Question) => {
    const id = count++
    thread.asked.set(id, question)
    if (thread.asked.size === 1) watch(thread)
    thread.worker.postMessage({ id, task: question.task, input: question.input })
  }

  /** A thread that takes one more question now: one that has none, a new one, or the one that has least to do. */
  const free = (): Thread | undefined => {
    const least = threads.reduce<Thread | undefined>((one, other) => (one && one.asked.size <= other.asked.size ? one : other), undefined)
    if (least?.asked.size === 0) return least
    if (threads.length < size) return start()
    return least && least.asked.size < AT_ONCE ? least : undefined
  }

  const sendQueued = () => {
    while (queue.length > 0 && !isClosed) {
      const thread = free()
      if (!thread) return
      const question = queue.shift()
      if (question) send(thread, question)
    }
  }

  const ask = <K extends keyof Tasks>(task: K, input: Input<K>): Promise<Output<K>> =>
    new Promise((resolve, reject) => {
      if (isClosed) return reject(tooBig())
      queue.push({ task, input, resolve, reject })
      sendQueued()
    })

  return {
    ask,
    async forget(folder) {
      for (const question of queue.splice(0)) {
        if (isAbout(question, folder)) question.reject(isGone())
        else queue.push(question)
      }
      const forget = (thread: Thread) =>
        new Promise<void>((resolve, reject) => send(thread, { task: 'forget', input: { folder }, resolve, reject }))
      await Promise.all(threads.map(forget))
    },
    async close() {
      isClosed = true
      for (const { reject } of queue.splice(0)) reject(tooBig())
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

const isAbout = ({ input }: Question, folder: string) =>
  typeof input === 'object' && input !== null && Object.values(input).includes(folder)

const isGone = () => new HubError(500, 'ResponseNotReady', 'These rows were withdrawn while the question waited. Please ask again.')

const tooBig = () =>
  new HubError(500, 'TooBigContentError', 'These rows take too much time or memory to read. Ask for fewer, or download the file.')
