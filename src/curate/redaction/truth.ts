import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { InputError, NotFoundError } from '../../errors.ts'
import { readConversations } from '../../storage/conversations.ts'

/** Texts of one conversation (or one sentence) with what stands in them: [start, end) in UTF-16 units. */
export interface Truth {
  messages: string[]
  spans: { message: number; start: number; end: number; kind: string; entity?: string }[]
}

/** What a file of known truth holds, and the kinds that it annotates: findings of other kinds are not counted against us. */
export interface TruthFile {
  kinds: ReadonlySet<string>
  truths: AsyncIterable<Truth>
}

const presidioSchema = z.array(
  z.object({
    full_text: z.string(),
    spans: z.array(z.object({ entity_type: z.string(), start_position: z.int(), end_position: z.int() })),
  }),
)
const presidioKinds: Readonly<Record<string, string>> = {
  PERSON: 'PERSON',
  ADDRESS: 'ADDRESS',
  STREET_ADDRESS: 'ADDRESS',
  CREDIT_CARD: 'CARD',
  PHONE_NUMBER: 'PHONE',
  EMAIL_ADDRESS: 'EMAIL',
  US_SSN: 'ID',
  IBAN_CODE: 'IBAN',
  US_DRIVER_LICENSE: 'LICENCE',
  IP_ADDRESS: 'IP',
  DOMAIN_NAME: 'URL',
}
const answerSchema = z.object({
  id: z.string(),
  entities: z.array(z.object({ message: z.int(), start: z.int(), end: z.int(), kind: z.string(), entity: z.string().optional() })),
})

/**
 * Opens a file of known truth: `.json` in the form of presidio-research, `.conll`/`.bio` with persons as PER, `.txt` with one text a line and persons
 * between `[[` and `]]`, or the `.jsonl` answer key of `colloquy synth`, whose texts are in the work folder that its logs were ingested into.
 * @throws NotFoundError `eval-file-unknown`; InputError `eval-line-invalid`, `flag-missing`
 */
export function openTruth(file: string, work?: string): TruthFile {
  if (!existsSync(file)) throw new NotFoundError('eval-file-unknown', `There is no file '${file}'.`)
  if (file.endsWith('.jsonl')) {
    if (work === undefined)
      throw new InputError('flag-missing', `'${file}' is an answer key without texts: name the ingested logs by --work DIR.`)
    return { kinds: new Set(['*']), truths: readAnswerKey(file, work) }
  }
  if (file.endsWith('.json')) return { kinds: new Set(Object.values(presidioKinds)), truths: readPresidio(file) }
  return { kinds: new Set(['PERSON']), truths: file.endsWith('.txt') ? readMarked(file) : readConll(file) }
}

async function* readPresidio(file: string): AsyncIterable<Truth> {
  const parsed = presidioSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success)
    throw new InputError('eval-line-invalid', `'${file}' is no list of {full_text, spans[{entity_type, start_position, end_position}]}.`)
  for (const { full_text: text, spans } of parsed.data) {
    yield {
      messages: [text],
      spans: spans.flatMap(({ entity_type: type, start_position: start, end_position: end }) => {
        const kind = presidioKinds[type]
        return kind ? [{ message: 0, start, end, kind }] : []
      }),
    }
  }
}

async function* readMarked(file: string): AsyncIterable<Truth> {
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    if (line.trim() === '') continue
    const spans: Truth['spans'] = []
    let text = ''
    for (const [index, piece] of line.split(/\[\[(.*?)\]\]/).entries()) {
      if (index % 2 === 1) spans.push({ message: 0, start: text.length, end: text.length + piece.length, kind: 'PERSON' })
      text += piece
    }
    yield { messages: [text], spans }
  }
}

/** Columns of word and tag, sentences parted by empty lines. Words are joined by single spaces. */
async function* readConll(file: string): AsyncIterable<Truth> {
  let words: string[] = []
  let tags: string[] = []
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    const columns = line.trim().split(/[\t ]+/)
    if (columns[0]) {
      words.push(columns[0])
      tags.push(columns.at(-1) ?? 'O')
    } else if (words.length > 0) {
      yield joinWords(words, tags)
      words = []
      tags = []
    }
  }
  if (words.length > 0) yield joinWords(words, tags)
}

function joinWords(words: readonly string[], tags: readonly string[]): Truth {
  const spans: Truth['spans'] = []
  let text = ''
  let open: Truth['spans'][number] | undefined
  for (const [index, word] of words.entries()) {
    if (index > 0) text += ' '
    const tag = tags[index] ?? 'O'
    if (!/-per/i.test(tag)) open = undefined
    else if (open && !tag.startsWith('B')) open.end = text.length + word.length
    else {
      open = { message: 0, start: text.length, end: text.length + word.length, kind: 'PERSON' }
      spans.push(open)
    }
    text += word
  }
  return { messages: [text], spans }
}

async function* readAnswerKey(file: string, work: string): AsyncIterable<Truth> {
  const answers = new Map<string, Truth['spans']>()
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    const answer = answerSchema.safeParse(parseLine(line))
    if (!answer.success) continue
    answers.set(
      answer.data.id,
      answer.data.entities.map(({ entity, ...span }) => (entity === undefined ? span : { ...span, entity })),
    )
  }
  const folder = join(work, 'conversations')
  if (!existsSync(folder))
    throw new NotFoundError('eval-file-unknown', `There is no folder '${folder}': ingest the logs with --work first.`)
  for (const shard of readdirSync(folder)
    .filter((name) => name.endsWith('.parquet'))
    .sort()) {
    for await (const conversations of readConversations(join(folder, shard))) {
      for (const { id, messages } of conversations) {
        const spans = answers.get(id)
        if (spans) yield { messages: messages.map(({ content }) => content), spans }
      }
    }
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
