import { createReadStream, existsSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { InputError, NotFoundError } from '../../errors.ts'
import { readLines } from '../../storage/lines.ts'
import { type Category, categories } from './categories.ts'
import { readCsv } from './csv.ts'

/** A text and what is known of it; categories that the file does not say are absent. */
export interface TruthCase {
  text: string
  truth: Partial<Record<Category | 'any', boolean>>
}

/** A record that could not be used. */
export interface TruthRefusal {
  refused: 'not-json' | 'no-text' | 'no-label'
}

/** Keys of OpenAI's evaluation set. @see https://github.com/openai/moderation-api-release */
const openAiKeys: Record<string, Category> = {
  S: 'sexual',
  H: 'hate',
  V: 'violence',
  HR: 'harassment',
  SH: 'self-harm',
  S3: 'sexual/minors',
  H2: 'hate/threatening',
  V2: 'violence/graphic',
}

const textKeys = ['text', 'prompt', 'comment_text', 'user_input', 'test_case', 'tweet', 'Input.user']
const flag = z.union([z.boolean(), z.number(), z.string().regex(/^-?\d+(\.\d+)?$|^(true|false)$/i)])

/**
 * Reads a file of known truth, plain or gzip, a record at a time. Forms, told by content: JSONL `{text, labels: [names] | {name: true}}`, JSONL of OpenAI's
 * evaluation set (`{prompt, S, H, V, HR, SH, S3, H2, V2}`), CSV with columns named like the categories, and the CSVs of HateCheck, XSTest, Davidson 2017,
 * ConvAbuse, Jigsaw and Civil Comments.
 * @throws NotFoundError `eval-file-unknown`
 */
export async function* readTruth(file: string): AsyncIterable<TruthCase | TruthRefusal> {
  if (!existsSync(file)) throw new NotFoundError('eval-file-unknown', `There is no file '${file}'.`)
  const isCsv = /\.(csv|tsv)(\.gz)?$/.test(file)
  if (isCsv) {
    for await (const record of readCsv(decode(open(file)))) yield fromRecord(record)
    return
  }
  for await (const line of readLines(open(file))) {
    if ('text' in line && line.text.trim() === '') continue
    const parsed = 'text' in line ? parseObject(line.text) : undefined
    yield parsed ? fromRecord(parsed) : { refused: 'not-json' }
  }
}

function open(file: string): AsyncIterable<Uint8Array> {
  const stream = createReadStream(file)
  if (!file.endsWith('.gz')) return stream
  const gunzip = createGunzip()
  stream.once('error', (error) => gunzip.destroy(error))
  return checked(stream.pipe(gunzip), file)
}

async function* checked(stream: AsyncIterable<Uint8Array>, file: string): AsyncIterable<Uint8Array> {
  try {
    yield* stream
  } catch (error) {
    throw new InputError('eval-file-unreadable', `'${file}' is not a whole gzip file. Fetch it again.`, { cause: error })
  }
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text))
    return parsed.data
  } catch {
    return undefined
  }
}

function fromRecord(record: Record<string, unknown>): TruthCase | TruthRefusal {
  const key = textKeys.find((name) => typeof record[name] === 'string' && record[name] !== '')
  if (key === undefined) return { refused: 'no-text' }
  const truth = truthOf(record)
  if (Object.keys(truth).length === 0) return { refused: 'no-label' }
  if (truth.any === undefined) {
    const known = categories.flatMap((category) => truth[category] ?? [])
    // Clean only where every main category is known to be; one that is on is enough.
    if (known.includes(true)) truth.any = true
    else if (['harassment', 'hate', 'self-harm', 'sexual', 'violence'].every((name) => truth[name as Category] === false)) truth.any = false
  }
  return { text: String(record[key]), truth }
}

function truthOf(record: Record<string, unknown>): TruthCase['truth'] {
  const named = fromLabels(record.labels) ?? fromKeys(record)
  if (Object.keys(named).length > 0) return named
  const { label_gold: gold, label, class: kind, is_abuse: abuse, toxic, target, toxicity } = record
  if (gold === 'hateful' || gold === 'non-hateful') return { hate: gold === 'hateful' }
  if (label === 'safe') return { any: false }
  if ('tweet' in record && ['0', '1', '2'].includes(String(kind))) {
    return kind === '2'
      ? { any: false, hate: false }
      : kind === '0'
        ? { any: true, hate: true }
        : { harassment: true, hate: false, any: true }
  }
  if (abuse !== undefined && abuse !== '') return Number(abuse) < 0 ? { any: true } : Number(abuse) > 0 ? { any: false } : {}
  for (const value of [toxic, target, toxicity]) {
    if (value !== undefined && value !== '' && !Number.isNaN(Number(value))) return { any: Number(value) >= 0.5 }
  }
  return {}
}

function fromLabels(labels: unknown): TruthCase['truth'] | undefined {
  if (Array.isArray(labels)) {
    return { ...Object.fromEntries(categories.map((category) => [category, labels.includes(category)])), any: labels.length > 0 }
  }
  const object = z.record(z.string(), flag).safeParse(labels)
  return object.success ? fromKeys(object.data) : undefined
}

function fromKeys(record: Record<string, unknown>): TruthCase['truth'] {
  const truth: TruthCase['truth'] = {}
  for (const [name, value] of Object.entries(record)) {
    const category = openAiKeys[name] ?? [...categories, 'any' as const].find((one) => one === name)
    const read = flag.safeParse(value)
    if (category === undefined || !read.success) continue
    truth[category] =
      typeof read.data === 'string' ? read.data.toLowerCase() === 'true' || Number(read.data) >= 0.5 : Number(read.data) >= 0.5
  }
  return truth
}
