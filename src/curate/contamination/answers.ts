import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'

/** Answers of an endpoint that are kept on disk, so that a run that breaks off pays for nothing twice. Keys are hashes; no text is kept. */
export interface Answers<A> {
  get(key: string): A | undefined
  keep(key: string, answer: A): void
}

/** The key of a question: a hash of all that the answer depends on. */
export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 24)
}

/**
 * Opens the answers kept in a folder under a name. Each thread appends to a file of its own; a line that a kill cut short is passed over. `parse` gives
 * undefined for what is no answer.
 */
export function openAnswers<A>(folder: string, name: string, parse: (value: unknown) => A | undefined): Answers<A> {
  mkdirSync(folder, { recursive: true })
  const kept = new Map<string, A>()
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    if (!file.startsWith(`${name}.`) || !file.endsWith('.jsonl')) continue
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const entry = parseLine(line)
      const answer = entry && parse(entry[1])
      if (entry && answer !== undefined) kept.set(entry[0], answer)
    }
  }
  const path = join(folder, `${name}.${process.pid}-${threadId}.jsonl`)
  return {
    get: (key) => kept.get(key),
    keep(key, answer) {
      kept.set(key, answer)
      // A line break first: an earlier line may have been cut short.
      appendFileSync(path, `\n${JSON.stringify([key, answer])}`)
    },
  }
}

function parseLine(line: string): [string, unknown] | undefined {
  if (line === '') return undefined
  try {
    const entry: unknown = JSON.parse(line)
    return Array.isArray(entry) && typeof entry[0] === 'string' ? [entry[0], entry[1]] : undefined
  } catch {
    return undefined
  }
}
