import { readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { readBenchmark } from '../curate/contamination/benchmark.ts'
import { type ContaminationFigures, evaluateContamination } from '../curate/contamination/evaluate.ts'
import { type BenchmarkReport, reportContamination } from '../curate/contamination/report.ts'
import { InputError } from '../errors.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

/**
 * `colloquy eval contamination BENCHMARK FILE…`: how well the benchmark's items are found, word for word and in the files. A file with a text for each item, in their order, holds
 * copies; any other file holds clean texts. `colloquy eval contamination WORK BENCHMARK…`: what
 * the label of a work folder found of the benchmarks, with evidence side by side.
 */
export const run: CommandModule['run'] = async ({ operands: [benchmark = '', ...files], settings, world }) => {
  if (statSync(benchmark, { throwIfNoEntry: false })?.isDirectory()) {
    const known = (await Promise.all(files.map((path) => readBenchmark({ path })))).flat()
    const reports = await reportContamination({ work: benchmark, items: known, most: settings.json ? 1000 : 10 })
    await world.print(settings.json ? `${JSON.stringify(reports)}\n` : showReports(reports))
    return 0
  }
  const items = await readBenchmark({ path: benchmark })
  const copies: string[] = []
  const clean: string[] = []
  for (const file of files) {
    const texts = await readTexts(file)
    // Rephrasing left some items empty in the sets that are about.
    if (texts.lines === items.length) copies.push(file)
    else for (const text of texts.texts) clean.push(text)
  }
  const figures = await evaluateContamination({ benchmark, copies, clean })
  await world.print(settings.json ? `${JSON.stringify(figures)}\n` : show(benchmark, items.length, figures))
  return 0
}

/** Every string of some length in JSON lines, or in a JSON file. */
async function readTexts(file: string): Promise<{ lines: number; texts: string[] }> {
  const bytes = readFileSync(file)
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  try {
    if (text.trimStart().startsWith('[')) {
      const list: unknown = JSON.parse(text)
      return { lines: Array.isArray(list) ? list.length : 1, texts: stringsOf(list) }
    }
    const texts: string[] = []
    let lines = 0
    for await (const line of createInterface({ input: Readable.from([text]) })) {
      if (line.trim() === '') continue
      lines++
      texts.push(...stringsOf(JSON.parse(line)))
    }
    return { lines, texts }
  } catch (error) {
    throw new InputError('eval-file-unreadable', `${file} holds a line that is no JSON.`, { cause: error })
  }
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 40 ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsOf)
}

function show(benchmark: string, items: number, figures: readonly ContaminationFigures[]): string {
  const rows = figures.map(({ copies, cases, found, wrong, clean, alarms, precision, recall, f1 }) => [
    copies,
    ...[cases, found, wrong, clean, alarms].map(String),
    ...[precision, recall, f1].map((value) => value.toFixed(3)),
  ])
  return [
    `${benchmark}: ${items} items`,
    '',
    toTable(['copies', 'cases', 'found', 'as another', 'clean texts', 'false alarms', 'precision', 'recall', 'F1'], rows),
    '',
  ].join('\n')
}

function showReports(reports: readonly BenchmarkReport[]): string {
  const kinds = ['verbatim', 'rephrased', 'translated']
  const rows = reports.map(({ benchmark, items, itemsHit, conversations, byKind }) => [
    benchmark,
    ...[items, itemsHit, conversations, ...kinds.map((kind) => byKind[kind] ?? 0)].map(String),
  ])
  const evidence = reports.flatMap(({ benchmark, evidence: found }) =>
    found.map(({ item, kind, score, conversation, message, itemText, messageText }) =>
      [
        `${benchmark} ${item}, ${kind} (${score.toFixed(2)}), conversation ${conversation}, message ${message}`,
        ...sideBySide(itemText, messageText),
      ].join('\n'),
    ),
  )
  return [toTable(['benchmark', 'items', 'items hit', 'conversations', ...kinds], rows), ...evidence, ''].join('\n\n')
}

const half = 58
const mostLines = 12

/** Two texts in two columns, their first lines; control characters, which a terminal would obey, are left out. */
function sideBySide(one: string, two: string): string[] {
  const wrap = (text: string) =>
    text
      .replace(/\s+/g, ' ')
      .replace(/\p{Cc}/gu, '')
      .match(new RegExp(`.{1,${half}}`, 'gu')) ?? []
  const [left, right] = [wrap(one), wrap(two)]
  return Array.from({ length: Math.min(mostLines, Math.max(left.length, right.length)) }, (_, line) =>
    `  ${(left[line] ?? '').padEnd(half)} │ ${right[line] ?? ''}`.trimEnd(),
  )
}
