import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../../errors.ts'
import type { SynthData } from './data.ts'
import { synthesise } from './synthesise.ts'
import type { SummaryTruth } from './truth.ts'

const KEPT_BYTES = 1 << 18

/** Where logs and answer key go, and how the caller is kept informed. */
export interface SynthOrder {
  conversations: number
  seed: number
  out: string
  truth?: string
  signal?: AbortSignal
  /** Told now and then how many conversations are written. */
  onProgress?: (conversations: number) => void
}

/**
 * Writes `serverI/YYYY-MM-DD-conv.json` below `out`, and the answer key. Everything is written aside (`.part`) and gets its name at the end; an
 * interrupted run leaves nothing.
 * @throws InputError `out-exists` when `out` holds anything that such a run has not made; `interrupted` when the signal comes.
 */
export async function writeSynth(
  data: SynthData,
  { conversations, seed, out, truth, signal, onProgress }: SynthOrder,
): Promise<SummaryTruth> {
  refuseForeign(out)
  const part = `${out}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  const truthPart = truth ? `${truth}.part` : undefined
  if (truth) mkdirSync(dirname(truth), { recursive: true })
  const files = new Map<string, Appender>()
  const key = truthPart ? openAppender(truthPart) : undefined
  let summary: SummaryTruth | undefined
  let made = 0
  try {
    for (const output of synthesise(data, { conversations, seed })) {
      if (output.to === 'log') appenderOf(files, part, output.file).write(output.bytes)
      else {
        key?.write(Buffer.from(`${JSON.stringify(output.truth)}\n`))
        if (output.truth.type === 'summary') summary = output.truth
        if (output.truth.type === 'conversation' && ++made % 1000 === 0) {
          onProgress?.(made)
          // Interrupts are only heard between turns of the event loop.
          await new Promise((resolve) => setImmediate(resolve))
          if (signal?.aborted)
            throw new InputError('interrupted', `Stopped after ${made} conversations; nothing was kept. Run it again.`, { exitCode: 130 })
        }
      }
    }
    for (const file of files.values()) file.close()
    key?.close()
    if (!summary) throw new RangeError('The logs ended without a summary.')
  } catch (error) {
    for (const file of files.values()) file.close()
    key?.close()
    rmSync(part, { recursive: true, force: true })
    if (truthPart) rmSync(truthPart, { force: true })
    throw error
  }
  rmSync(out, { recursive: true, force: true })
  renameSync(part, out)
  if (truth && truthPart) renameSync(truthPart, truth)
  return summary
}

/** Only an empty folder, or one that a former run made (nothing but `serverI/YYYY-MM-DD-conv.json`), is replaced. */
function refuseForeign(out: string): void {
  if (!existsSync(out)) return
  const foreign = readdirSync(out, { recursive: true, encoding: 'utf8' }).find(
    (name) => !/^server\d+([/\\]\d{4}-\d\d-\d\d-conv\.json)?$/.test(name),
  )
  if (foreign !== undefined)
    throw new InputError(
      'out-exists',
      `'${out}' holds '${foreign}', which synth has not made. Name a new folder with --out, or remove this one.`,
    )
}

interface Appender {
  name: string
  write(bytes: Buffer): void
  close(): void
}

/** The open file of a server: a new day closes the one before, so that no more than one file a server is open. */
function appenderOf(files: Map<string, Appender>, folder: string, name: string): Appender {
  const server = dirname(name)
  const open = files.get(server)
  if (open?.name === name) return open
  open?.close()
  mkdirSync(join(folder, server), { recursive: true })
  const appender = openAppender(join(folder, name), name)
  files.set(server, appender)
  return appender
}

function openAppender(path: string, name = path): Appender {
  const file = openSync(path, 'w')
  let waiting: Buffer[] = []
  let size = 0
  let isOpen = true
  const flush = () => {
    const bytes = Buffer.concat(waiting)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    waiting = []
    size = 0
  }
  return {
    name,
    write(bytes) {
      waiting.push(bytes)
      size += bytes.length
      if (size >= KEPT_BYTES) flush()
    },
    close() {
      if (!isOpen) return
      isOpen = false
      flush()
      closeSync(file)
    },
  }
}
