import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { readBenchmark } from '../curate/contamination/benchmark.ts'
import { type ContaminationFigures, evaluateContamination } from '../curate/contamination/evaluate.ts'
import { InputError } from '../errors.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

/**
 * `colloquy eval contamination BENCHMARK FILE…`: how well the benchmark's items are found, word for word and in the files. A file with a text for each item, in their order, holds
 * copies; any other file holds clean texts.
 */
export const run: CommandModule['run'] = async ({ operands: [benchmark = '', ...files], settings, world }) => {
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
