import { evaluateRedaction, type RedactionFigures, type Score } from '../curate/redaction/evaluate.ts'
import { createRedactionLabeller } from '../curate/redaction/redaction.ts'
import { openTruth } from '../curate/redaction/truth.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

/** `colloquy eval redaction FILE…`: precision, recall, F1 and F2 by kind, with exact and overlap matching, and consistency of tags. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const labeller = await createRedactionLabeller()
  for (const file of operands) {
    const figures = await evaluateRedaction(openTruth(file, settings.work), labeller)
    await world.print(settings.json ? `${JSON.stringify(figures)}\n` : show(file, figures))
  }
  return 0
}

function show(file: string, { texts, kinds, all, consistency }: RedactionFigures): string {
  const cells = (score: Score) => [score.precision, score.recall, score.f1, score.f2].map((value) => value.toFixed(3))
  const rows = [...Object.entries(kinds), ['all', all] as const].map(([kind, counts]) => [
    kind,
    String(counts.gold),
    String(counts.found),
    ...cells(counts.exactScore),
    ...cells(counts.overlapScore),
    counts.gold === 0 ? '–' : (counts.covered / counts.gold).toFixed(3),
  ])
  const head = ['kind', 'true', 'found', 'P', 'R', 'F1', 'F2', 'P~', 'R~', 'F1~', 'F2~', 'covered']
  const lines = [
    `${file}: ${texts} texts (P R F1 F2: same boundaries; with ~: overlapping; covered: touched by any replacement)`,
    toTable(head, rows),
  ]
  if (consistency) {
    lines.push(
      `entities named again with one tag: ${consistency.consistent} of ${consistency.entities}; tags shared by two entities: ${consistency.sharedTags}`,
    )
  }
  return `${lines.join('\n')}\n`
}
