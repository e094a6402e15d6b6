import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import {
  comparePlanted,
  type DuplicateCase,
  type DuplicateFigures,
  evaluateDuplicates,
  type Planted,
  type PlantedFigures,
} from '../curate/duplicates/evaluate.ts'
import { InputError } from '../errors.ts'
import { silentLog } from '../log.ts'
import { readParquet } from '../storage/parquet.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

/**
 * `colloquy eval duplicates FILE…`: groups records and compares them with their known duplicates; or `colloquy eval duplicates KEY WORK`: compares the labels of a work
 * folder with the answer key of synthetic logs.
 */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const [file = '', work = ''] = operands
  if (operands.length === 2 && existsSync(work) && statSync(work).isDirectory()) {
    const figures = await comparePlanted(readPlanted(file), findLabels(work))
    await world.print(settings.json ? `${JSON.stringify(figures)}\n` : showPlanted(figures))
    return 0
  }
  for (const path of operands) {
    const figures = await evaluateDuplicates(readCases(path), silentLog)
    await world.print(settings.json ? `${JSON.stringify({ file: path, ...figures })}\n` : show(path, figures))
  }
  return 0
}

const idSchema = z.union([z.string(), z.number(), z.bigint()]).transform(String)
const recordSchema = z.looseObject({
  core_id: idSchema.optional(),
  id: idSchema.optional(),
  chat_id: idSchema.optional(),
  text: z.string().optional(),
  processed_title: z.string().nullish(),
  processed_abstract: z.string().nullish(),
  title: z.string().nullish(),
  abstract: z.string().nullish(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })).optional(),
  labelled_duplicates: z.array(idSchema).nullish(),
  duplicates: z.array(idSchema).nullish(),
})

async function* readCases(path: string): AsyncIterable<DuplicateCase> {
  let line = 0
  for await (const value of readRecords(path)) {
    line++
    const parsed = recordSchema.safeParse(value)
    const one = parsed.data
    const text = one?.text ?? [one?.processed_title ?? one?.title, one?.processed_abstract ?? one?.abstract].filter(Boolean).join(' ')
    if (!one || (text === '' && !one.messages)) {
      throw new InputError('eval-line-invalid', `${path}: record ${line} has no messages, text, or title and abstract.`)
    }
    const messages = one.messages
      ? one.messages.map(({ role, content }) => ({ role: roleOf(role), content }))
      : [{ role: 'user' as const, content: text }]
    const known = one.labelled_duplicates ?? one.duplicates
    const id = one.core_id ?? one.id ?? String(line)
    yield { id, messages, ...('labelled_duplicates' in one || 'duplicates' in one ? { duplicates: known ?? [] } : {}) }
  }
}

async function* readRecords(path: string): AsyncIterable<unknown> {
  if (path.endsWith('.parquet')) {
    for await (const batch of readParquet(path)) yield* batch
    return
  }
  let number = 0
  for await (const line of readLines(path)) {
    number++
    if (line.trim() === '') continue
    try {
      yield JSON.parse(line)
    } catch (error) {
      throw new InputError('eval-line-invalid', `${path}: line ${number} is no JSON.`, { cause: error })
    }
  }
}

function readLines(path: string): AsyncIterable<string> {
  if (!existsSync(path)) throw new InputError('eval-file-unreadable', `${path} does not exist.`)
  const bytes = createReadStream(path)
  return createInterface({ input: path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes, crlfDelay: Number.POSITIVE_INFINITY })
}

function roleOf(role: string): 'user' | 'assistant' | 'system' {
  return role === 'assistant' || role === 'system' ? role : 'user'
}

const plantedSchema = z.looseObject({ id: z.string(), duplicate: z.object({ kind: z.string(), group: idSchema }) })

async function* readPlanted(path: string): AsyncIterable<Planted> {
  for await (const line of readLines(path)) {
    const parsed = plantedSchema.safeParse(JSON.parse(line))
    if (parsed.success) yield { id: parsed.data.id, ...parsed.data.duplicate }
  }
}

function findLabels(work: string): string {
  const labels = join(work, 'labels')
  const [found] = existsSync(labels) ? readdirSync(labels).filter((name) => name.startsWith('duplicates@')) : []
  if (found) return join(labels, found)
  throw new InputError(
    'eval-file-unreadable',
    `${work} has no label 'duplicates'. Add 'signatures' and 'duplicates' to the recipe's labels and run colloquy curate.`,
  )
}

function show(path: string, { records, groups, truth }: DuplicateFigures): string {
  const figure = (value: number) => value.toFixed(4)
  return [
    `${path}: ${records} records`,
    '',
    toTable(
      ['grouping', 'groups'],
      Object.entries(groups).map(([name, count]) => [name, String(count)]),
    ),
    ...(truth
      ? [
          '',
          toTable(
            ['near duplicates', 'precision', 'recall'],
            [
              ['duplicates', figure(truth.precisionDuplicates), figure(truth.recallDuplicates)],
              ['others', figure(truth.precisionOthers), figure(truth.recallOthers)],
            ],
          ),
          '',
          `macro F1 ${figure(truth.macroF1)}, macro precision ${figure(truth.macroPrecision)}, accuracy ${figure(truth.accuracy)}`,
        ]
      : []),
    '',
  ].join('\n')
}

function showPlanted(figures: readonly PlantedFigures[]): string {
  const rows = figures.map(({ kind, grouping, groups, pairs, joined, mixed }) => [
    kind,
    grouping,
    ...[groups, pairs, joined, mixed].map(String),
    pairs === 0 ? '–' : (joined / pairs).toFixed(4),
    joined + mixed === 0 ? '–' : (joined / (joined + mixed)).toFixed(4),
  ])
  return `${toTable(['planted', 'grouping', 'groups', 'pairs', 'joined', 'mixed', 'recall', 'precision'], rows)}\n`
}
