import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../storage/files.ts'

/** Raised by hand when the code makes other files of the same input: unfinished work of an older version does not go on. */
const version = 3

/**
 * What in a work folder follows from the input and goes when the input is another. Labels stay: each sidecar names the sha256 of the shard that it
 * belongs to, so that those of unchanged shards are used again.
 */
const made = ['.ingest', 'ingest.json', 'conversations', 'battles.parquet', 'imported', 'quarantine', 'selection', 'dropped', 'curate.json']

/** The unfinished part of a work folder: marks of what is done, so that a rerun goes on after them. */
export interface State {
  /** Path of a file of the unfinished part. */
  path(...names: string[]): string
  /** What a finished step answered, or undefined. */
  done<T>(step: string): T | undefined
  /** Marks a step as finished: its files must be on disk by now. */
  finish(step: string, answer: unknown): void
  /** Removes everything unfinished and the marks. */
  clear(): void
}

/**
 * Opens the work folder for this input. Work that was made of another input, secret, or code version is removed first: `isFresh` says so.
 */
export function openState(work: string, input: unknown): { state: State; hadOther: boolean } {
  const id = createHash('sha256')
    .update(JSON.stringify([version, input]))
    .digest('hex')
  const folder = join(work, '.ingest')
  const idFile = join(folder, 'input')
  const former = existsSync(idFile) ? readFileSync(idFile, 'utf8') : undefined
  const hadOther = former !== id && made.some((name) => existsSync(join(work, name)))
  if (former !== id) {
    // The name of the former input goes first: a kill in the middle of removing leaves nothing that looks finished.
    for (const name of made) rmSync(join(work, name), { recursive: true, force: true })
  }
  for (const name of ['.ingest/units', '.ingest/shards', 'conversations', 'imported', 'quarantine']) {
    mkdirSync(join(work, name), { recursive: true })
  }
  if (former !== id) writeWhole(idFile, id)
  const markOf = (step: string) => join(folder, `${step}.json`)
  return {
    hadOther,
    state: {
      path: (...names) => join(folder, ...names),
      done: (step) => (existsSync(markOf(step)) ? JSON.parse(readFileSync(markOf(step), 'utf8')) : undefined),
      finish: (step, answer) => writeWhole(markOf(step), JSON.stringify(answer)),
      clear() {
        for (const name of ['units', 'shards']) rmSync(join(folder, name), { recursive: true, force: true })
      },
    },
  }
}
