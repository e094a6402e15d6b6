import { type LabelLinesInput, labelLines, labelLinesTask } from '../curate/label-lines.ts'
import { keepLabeller, type LabellerSpec, publicLabels } from '../curate/registry.ts'
import { openPool } from '../engine/pool.ts'
import { type Line, readLines } from '../storage/lines.ts'
import type { CommandModule } from './command.ts'

const batchLines = 200

/** `colloquy label`: JSONL conversations on stdin, JSONL labels on stdout, same order, one line each. */
export const run: CommandModule['run'] = async ({ settings, world }) => {
  const names = settings.only?.split(',').map((name) => name.trim()) ?? publicLabels
  const labellers: LabellerSpec[] = names.map((name) => ({ name, settings: {} }))
  // Unknown names and unreadable weights end here, before the first line is taken.
  await Promise.all(labellers.map(keepLabeller))
  const jobs = settings.jobs ?? 1
  const pool = jobs > 1 ? openPool(jobs) : undefined
  const labelBatch = (lines: readonly Line[]): Promise<string[]> => {
    const input = { lines: lines.map((line) => ('text' in line ? line.text : `!${line.problem}`)), labellers }
    return pool ? pool.run<LabelLinesInput, string[]>(labelLinesTask, 'stdin', input) : labelLines(input)
  }
  try {
    const waiting: Promise<string[]>[] = []
    const printNext = async () => {
      const lines = await waiting.shift()
      if (lines && lines.length > 0) await world.print(`${lines.join('\n')}\n`)
    }
    let batch: Line[] = []
    for await (const line of readLines(world.stdin)) {
      batch.push(line)
      if (batch.length < batchLines) continue
      waiting.push(labelBatch(batch))
      batch = []
      if (waiting.length >= 2 * jobs) await printNext()
    }
    waiting.push(labelBatch(batch))
    while (waiting.length > 0) await printNext()
  } finally {
    await pool?.close()
  }
  return 0
}
