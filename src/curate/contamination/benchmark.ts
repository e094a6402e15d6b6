import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describeError, InputError } from '../../errors.ts'
import { type Row, readParquet } from '../../storage/parquet.ts'
import { parseCsv } from './csv.ts'

/** One task of a benchmark. `text` is what a person would paste; `solution` the reference answer where it is a text worth finding, too. */
export interface BenchmarkItem {
  benchmark: string
  /** The item's own id where it has one, else its 0-based number. */
  item: string
  text: string
  solution: string
}

/** A benchmark file, and the name that labels give it (default: the file's name without endings). */
export interface BenchmarkFile {
  path: string
  name?: string
}

/**
 * Reads a benchmark: JSONL, JSON list, CSV (with or without a head line) or Parquet, plain or .gz, in the form of HumanEval (task_id, prompt), GSM8K (question,
 * answer), MMLU (question, choices, answer), MT-Bench (question_id, turns) or anything with a text column.
 * @throws InputError `benchmark-unreadable`, `benchmark-without-text` naming the file and what it has instead.
 */
export async function readBenchmark({ path, name }: BenchmarkFile): Promise<BenchmarkItem[]> {
  const benchmark =
    name ??
    basename(path)
      .replace(/\.gz$/i, '')
      .replace(/\.[a-z]+$/i, '')
  const rows = await readRows(path)
  const items = rows.flatMap((row, index) => toItems(benchmark, row, index))
  if (items.length > 0) return items
  const columns = Object.keys(rows[0] ?? {}).join(', ') || 'none'
  throw new InputError(
    'benchmark-without-text',
    `The benchmark file ${basename(path)} has no text in any of the columns ${textColumns.join(', ')}, turns. Its columns: ${columns}. Rename the one that holds the items' text.`,
  )
}

const textColumns = ['prompt', 'question', 'text', 'instruction', 'problem', 'input', 'content', 'query', 'goal', 'Goal'] as const
const idColumns = ['task_id', 'question_id', 'uid', 'id', 'item'] as const
const solutionColumns = ['canonical_solution', 'solution'] as const

async function readRows(path: string): Promise<Row[]> {
  try {
    if (path.endsWith('.parquet')) {
      const rows: Row[] = []
      for await (const batch of readParquet(path)) for (const row of batch) rows.push(row)
      return rows
    }
    const bytes = readFileSync(path)
    const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '')
    if (/\.csv(\.gz)?$/i.test(path)) return fromCsv(text)
    if (text.trimStart().startsWith('[')) return listOf(JSON.parse(text))
    return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : listOf([parseLine(line, index)])))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is no JSON' : describeError(error)
    throw new InputError(
      'benchmark-unreadable',
      `The benchmark file ${basename(path)} cannot be read: ${why}. It takes JSONL, JSON, CSV or Parquet.`,
      {
        cause: error,
      },
    )
  }
}

function parseLine(line: string, index: number): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new InputError('benchmark-unreadable', `line ${index + 1} is no JSON`, { cause: error })
  }
}

function listOf(value: unknown): Row[] {
  if (!Array.isArray(value)) return []
  return value.map((item): Row => (typeof item === 'string' ? { text: item } : isRow(item) ? item : {}))
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** MMLU's own files have no head line: question, A, B, C, D, answer letter. */
function fromCsv(text: string): Row[] {
  const [head = [], ...lines] = parseCsv(text)
  const isHead = head.some((cell) => [...textColumns, 'turns'].some((name) => name.toLowerCase() === cell.trim().toLowerCase()))
  if (isHead) return lines.map((cells) => Object.fromEntries(head.map((name, index) => [name.trim(), cells[index] ?? ''])))
  if (head.length === 6 && /^[A-D]$/.test(head[5] ?? '')) {
    return [head, ...lines].map(([question = '', ...rest]) => ({ question, choices: rest.slice(0, 4), answer: rest[4] ?? '' }))
  }
  return lines.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])))
}

function toItems(benchmark: string, row: Row, index: number): BenchmarkItem[] {
  const id = idColumns
    .map((name) => row[name])
    .find((value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
  const item = id === undefined || id === '' ? String(index) : String(id)
  const solution = solutionColumns.map((name) => row[name]).find((value) => typeof value === 'string')
  const kept = { benchmark, solution: typeof solution === 'string' ? solution : '' }
  if (Array.isArray(row.turns)) {
    return row.turns.flatMap((turn, at) => (isText(turn) ? [{ ...kept, item: at === 0 ? item : `${item}#${at + 1}`, text: turn }] : []))
  }
  const text = textColumns.map((name) => row[name]).find(isText)
  if (text === undefined) return []
  const choices = Array.isArray(row.choices) ? row.choices.filter(isText).join('\n') : ''
  return [{ ...kept, item, text: text.replace(/^Question:\s*/, ''), solution: kept.solution || choices }]
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}
