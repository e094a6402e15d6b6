import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ColumnWriter } from './columns.ts'
import { extractRows } from './extract.ts'
import { type Field, fieldsOf, messagesOf, PROMPT, promptOf, type RowText } from './fields.ts'
import type { Meta } from './meta.ts'
import { Inverter } from './postings.write.ts'
import { RowWriter } from './row-blocks.ts'
import { mergeRuns, writeRun } from './words.list.ts'
import { eachSpan } from './words.ts'

/** What to build: an index in `folder` of Parquet files, in order. `total` rows are expected. */
export interface BuildJob {
  folder: string
  paths: string[]
  total: number
  /** Rows after which a run ends. */
  runRows?: number
}

/** A run ends with this many words or rows: about 200 MB of memory. */
const RUN_WORDS = 6_000_000
const RUN_ROWS = 100_000
/** Fields beyond this number are not indexed. */
const MAX_FIELDS = 500

const Run = z.object({
  rows: z.number(),
  rowBytes: z.number(),
  starts: z.array(z.number()),
  ends: z.array(z.number()),
  fields: z.array(z.string()),
  meanLength: z.number(),
})
type Run = z.infer<typeof Run>

/**
 * Builds an index: rows, words and fields, in runs that are whole or not there, so that a build that was ended goes on where it stopped.
 * The index has its name only once it is whole.
 */
export async function buildIndex({ folder, paths, total, runRows = RUN_ROWS }: BuildJob, progress: (rows: number) => void): Promise<void> {
  const part = `${folder}.part`
  mkdirSync(part, { recursive: true })
  const runs = finishedRuns(part)
  let row = runs.reduce((sum, run) => sum + run.rows, 0)
  let run = startRun(part, runs, row)
  try {
    if (row < total || total === 0) {
      for await (const batch of extractRows(paths, row, join(part, 'temp'))) {
        for (const json of batch) {
          run.add(json)
          row += 1
          if (!run.isFull() && run.rows < runRows) continue
          runs.push(run.finish())
          run = startRun(part, runs, row)
        }
        progress(row)
      }
    }
    if (run.rows > 0) runs.push(run.finish())
  } finally {
    run.close()
  }
  finishIndex(part, runs)
  renameSync(part, folder)
}

const runFolder = (part: string, number: number) => join(part, `run-${String(number).padStart(4, '0')}`)

function finishedRuns(part: string): Run[] {
  const found: Run[] = []
  while (existsSync(join(runFolder(part, found.length), 'run.json')))
    found.push(Run.parse(JSON.parse(readFileSync(join(runFolder(part, found.length), 'run.json'), 'utf8'))))
  return found
}

function startRun(part: string, before: readonly Run[], first: number) {
  const folder = runFolder(part, before.length)
  const inverter = new Inverter()
  const rows = new RowWriter(join(part, 'rows.bin'), before.at(-1)?.rowBytes ?? 0, first)
  const fields = new Map<string, Field[]>()
  const lengths: number[] = []
  let count = 0
  return {
    get rows() {
      return count
    },
    isFull: () => inverter.size >= RUN_WORDS,
    add(json: string) {
      const row = z.record(z.string(), z.unknown()).parse(JSON.parse(json))
      const texts = messagesOf(row)
      lengths.push(addWords(inverter, texts, first + count))
      const own = fieldsOf(row)
      own.set(PROMPT, promptHash(promptOf(texts)))
      for (const [name, value] of own) {
        let values = fields.get(name)
        if (!values) {
          if (fields.size >= MAX_FIELDS) continue
          values = []
          fields.set(name, values)
        }
        while (values.length < count) values.push(null)
        values.push(value)
      }
      rows.add(json)
      count += 1
    },
    finish(): Run {
      rows.flush()
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      const meanLength = meanOf(lengths)
      writeRun(folder, inverter, { first, lengths, meanLength })
      writeFileSync(join(folder, 'lengths.bin'), new Uint8Array(Uint32Array.from(lengths).buffer))
      const names = [...fields.keys()]
      for (const [index, name] of names.entries()) {
        const values = fields.get(name) ?? []
        while (values.length < count) values.push(null)
        writeFileSync(join(folder, `field-${index}.json`), JSON.stringify(values))
      }
      const run = { rows: count, rowBytes: rows.bytes, ...rows.places, fields: names, meanLength }
      writeFileSync(join(folder, 'run.json.part'), JSON.stringify(run))
      renameSync(join(folder, 'run.json.part'), join(folder, 'run.json'))
      rows.close()
      return run
    },
    close: () => rows.close(),
  }
}

/** A gap between messages, so that no phrase runs from one into the next. */
const GAP = 1

function addWords(inverter: Inverter, texts: readonly RowText[], doc: number): number {
  let place = 0
  let words = 0
  // Everything of one speaker first: lists then keep a speaker's places together.
  for (const speaker of [0, 1, 2] as const) {
    for (const { role, content } of texts) {
      if ((role === 'user' ? 0 : role === 'assistant' ? 1 : 2) !== speaker) continue
      let before = -1
      eachSpan(content, (start, end) => {
        before = inverter.add(content, start, end, { doc, place, speaker }, before)
        place += 1
        words += 1
      })
      place += GAP
    }
  }
  return words
}

/** The mean number of words, at least 1. */
function meanOf(lengths: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < lengths.length; at += 1) sum += lengths[at] ?? 0
  return Math.max(1, sum / Math.max(1, lengths.length))
}

/** 52 bits of a prompt's hash as a number; null for no prompt. */
function promptHash(prompt: string): number | null {
  return prompt === '' ? null : Number.parseInt(createHash('sha1').update(prompt).digest('hex').slice(0, 13), 16)
}

function finishIndex(part: string, runs: readonly Run[]): void {
  const folders = runs.map((_, number) => runFolder(part, number))
  mergeRuns(folders, part)
  const rows = runs.reduce((sum, run) => sum + run.rows, 0)
  const writer = new ColumnWriter(join(part, 'columns.bin'))
  for (const name of new Set(runs.flatMap(({ fields }) => fields))) {
    const values: Field[] = []
    for (const [number, run] of runs.entries()) {
      const at = run.fields.indexOf(name)
      const own =
        at < 0
          ? new Array<Field>(run.rows).fill(null)
          : FieldValues.parse(JSON.parse(readFileSync(join(folders[number] ?? '', `field-${at}.json`), 'utf8')))
      for (const value of own) values.push(value)
    }
    const isFlag = values.every((value) => value === null || typeof value === 'boolean')
    writer.add(
      name,
      values.map((value) => (typeof value === 'boolean' ? Number(value) : value)),
      isFlag,
    )
  }
  writer.close()
  const starts = runs.flatMap((run) => run.starts)
  const ends = runs.flatMap((run) => run.ends)
  const lengths = Buffer.concat(folders.map((folder) => readFileSync(join(folder, 'lengths.bin'))))
  writeFileSync(
    join(part, 'places.bin'),
    Buffer.concat([new Uint8Array(Float64Array.from(ends).buffer), new Uint8Array(Uint32Array.from(starts).buffer), lengths]),
  )
  const meanLength = meanOf(new Uint32Array(new Uint8Array(lengths).buffer))
  // Bounds were made with the mean of their run: where that is less than the mean of all, scores may be higher than it says by no more than their ratio.
  const boundScale = runs.reduce((most, run) => Math.max(most, meanLength / run.meanLength), 1)
  const meta: Meta = { rows, blocks: starts.length, columns: writer.places, meanLength, boundScale }
  writeFileSync(join(part, 'meta.json'), JSON.stringify(meta))
  for (const name of readdirSync(part)) if (/^(run-|temp)/.test(name)) rmSync(join(part, name), { recursive: true })
}

const FieldValues = z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
