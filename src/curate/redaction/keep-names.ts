import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openSql, quote, quoteList, type Sql } from '../../engine/sql.ts'
import { fromConversationRow } from '../../storage/conversations.ts'
import { type Column, createParquet, type Row, readParquet } from '../../storage/parquet.ts'
import { fingerprintOf, type SetLabeller, type SetRun } from '../labeller.ts'
import { parsePersonName } from './names/person-name.ts'
import { createRedactionLabeller } from './redaction.ts'
import { type RedactionSettings, resolveRedaction } from './settings.ts'

/** A span as it lies in the sidecar of the label `redaction`. */
interface Span {
  message: number
  start: number
  end: number
  kind: string
  replacement: string
  confidence: number
}

const nameColumns: readonly Column[] = [
  { name: 'shard', type: 'string' },
  { name: 'row', type: 'int32' },
  { name: 'user', type: 'string' },
  { name: 'tag', type: 'string' },
  { name: 'form', type: 'string' },
  { name: 'is_full', type: 'boolean' },
]

/**
 * The label `redaction` once more, over the whole set: persons whose fullest name stands in conversations of more than `keepNames.moreThanUsers`
 * different users stay in the text, and the others are numbered anew. Undefined where the settings keep no names.
 * @throws InputError as createRedactionLabeller
 */
export async function createKeepNamesLabeller(settings: RedactionSettings | Record<string, unknown>): Promise<SetLabeller | undefined> {
  const resolved = resolveRedaction(settings)
  if (!resolved.keepNames) return undefined
  const { moreThanUsers } = resolved.keepNames
  const single = await createRedactionLabeller(settings)
  const denied = new Set(resolved.deny.map(({ value }) => value))
  return {
    name: 'redaction',
    version: single.version,
    fingerprint: fingerprintOf('keep-names', '1', single.fingerprint, moreThanUsers),
    about: { ...single.about, settings: { ...single.about?.settings, keepNames: { moreThanUsers }, of: single.fingerprint } },
    columns: single.columns,
    needs: ['redaction'],
    run: (run) => keepNames(run, { moreThanUsers, denied, columns: single.columns }),
  }
}

/** What keeping names goes by: values of the deny list, in lower case, never stay. */
export interface KeepNames {
  moreThanUsers: number
  denied: ReadonlySet<string>
  columns: readonly Column[]
}

/** Surveys the names of all shards, counts the users of each, and writes the label without the kept ones. */
export async function keepNames(run: SetRun, { moreThanUsers, denied, columns }: KeepNames): Promise<void> {
  const { conversations, shards, folders, out, temp, jobs, memoryMiB, log } = run
  const labels = folders.redaction ?? ''
  for (const shard of shards) {
    const file = await createParquet(join(temp, `${shard}.parquet`), nameColumns)
    const source = { shard, conversations: join(conversations, `${shard}.parquet`), labels: join(labels, `${shard}.parquet`), denied }
    for await (const rows of surveyNames(source)) file.write(rows)
    file.close()
  }
  const sql = await openSql({ jobs, memoryMiB: Math.max(256, Math.floor(memoryMiB / 2)), temp })
  try {
    const surveys = quoteList(shards.map((shard) => join(temp, `${shard}.parquet`)))
    await sql.run(`CREATE TABLE names AS SELECT * FROM read_parquet(${surveys})`)
    await sql.run(
      `CREATE TABLE kept AS SELECT form FROM names GROUP BY form HAVING count(DISTINCT coalesce("user", '')) > ${Math.floor(moreThanUsers)}`,
    )
    let stayed = 0
    for (const shard of shards) {
      const kept = await readKept(sql, shard)
      for (const tags of kept.values()) stayed += tags.size
      const file = await createParquet(join(out, `${shard}.parquet`), [{ name: 'id', type: 'string' }, ...columns])
      let at = 0
      for await (const rows of readParquet(join(labels, `${shard}.parquet`))) {
        file.write(rows.map((row) => withoutKept(row, kept.get(at++))))
      }
      file.close()
    }
    const [counted] = await sql.rows('SELECT count(*)::INTEGER AS forms FROM kept')
    log.info('redaction.namesKept', { forms: Number(counted?.forms ?? 0), persons: stayed })
  } finally {
    sql.close()
  }
}

async function readKept(sql: Sql, shard: string): Promise<Map<number, Set<string>>> {
  const rows = await sql.rows(
    `SELECT DISTINCT "row", tag FROM names JOIN kept ON names.form = kept.form WHERE is_full AND shard = ${quote(shard)}`,
  )
  const kept = new Map<number, Set<string>>()
  for (const { row, tag } of rows) kept.set(Number(row), (kept.get(Number(row)) ?? new Set()).add(String(tag)))
  return kept
}

/** One row for each form in which each person of a conversation is named; the fullest is marked, unless the deny list holds any of them. */
async function* surveyNames(source: {
  shard: string
  conversations: string
  labels: string
  denied: ReadonlySet<string>
}): AsyncIterable<Row[]> {
  const labels = readRows(source.labels)
  let row = 0
  for await (const batch of readParquet(source.conversations)) {
    const found: Row[] = []
    for (const conversation of batch) {
      const label = await labels.next()
      const persons = spansOf(label.value).filter(({ kind }) => kind === 'PERSON')
      if (persons.length > 0) {
        const { messages, user = null } = fromConversationRow(conversation)
        for (const [tag, texts] of textsByTag(messages, persons)) {
          for (const { form, isFull } of formsOf(texts, source.denied)) {
            found.push({ shard: source.shard, row, user, tag, form: hashForm(form), is_full: isFull })
          }
        }
      }
      row++
    }
    yield found
  }
}

async function* readRows(path: string): AsyncGenerator<Row, undefined> {
  for await (const rows of readParquet(path)) yield* rows
  return undefined
}

function spansOf(row: Row | undefined): Span[] {
  return Array.isArray(row?.spans) ? row.spans : []
}

function textsByTag(messages: readonly { content: string }[], persons: readonly Span[]): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  for (const { message, start, end, replacement } of persons) {
    texts.set(replacement, [...(texts.get(replacement) ?? []), (messages[message]?.content ?? '').slice(start, end)])
  }
  return texts
}

function formsOf(texts: readonly string[], denied: ReadonlySet<string>): { form: string; isFull: boolean }[] {
  const isDenied = texts.some((text) => denied.has(text.toLowerCase()))
  const forms = new Map(texts.map((text) => parsePersonName(text).parts).map((parts) => [parts.join(' '), parts.length]))
  const [full] = [...forms].sort((a, b) => b[1] - a[1] || b[0].length - a[0].length || (a[0] < b[0] ? -1 : 1))
  return [...forms.keys()].map((form) => ({ form, isFull: !isDenied && form === full?.[0] }))
}

/** Names are compared, never shown: their hashes do for that, and no scratch file holds one. */
function hashForm(form: string): string {
  return createHash('sha256').update(form).digest('hex').slice(0, 24)
}

/** A label's row without the spans of kept persons; the numbers of those that go are closed up, in order. */
function withoutKept(row: Row, kept: ReadonlySet<string> | undefined): Row {
  if (!kept) return row
  const spans = spansOf(row)
  const persons = [...new Set(spans.filter(({ kind }) => kind === 'PERSON').map(({ replacement }) => replacement))].sort(byNumber)
  const renamed = new Map(persons.filter((tag) => !kept.has(tag)).map((tag, index) => [tag, persons[index] ?? tag]))
  const left = spans.flatMap((span) => {
    if (span.kind !== 'PERSON') return [span]
    const replacement = renamed.get(span.replacement)
    return replacement === undefined ? [] : [{ ...span, replacement }]
  })
  return { ...row, redacted: left.length > 0, spans: left }
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(a.lastIndexOf('_') + 1)) - Number(b.slice(b.lastIndexOf('_') + 1))
}
