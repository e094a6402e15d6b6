import { existsSync, readdirSync } from 'node:fs'
import { InputError } from '../errors.ts'
import { type SafetyReport, studySafety, writeSafety } from '../study/safety.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

const count = (value: number) => value.toLocaleString('en')
const share = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`)

/** `colloquy study safety DIR [--out DIR]`: attempts and successes by model, flagged conversations by category, balanced evaluation sets. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const [folder = ''] = operands
  const { out, examples = 100, seed = 42, json } = settings
  if (out !== undefined && existsSync(out) && readdirSync(out).some((name) => !/^([a-z-]+\.jsonl|safety\.json)$/.test(name))) {
    throw new InputError('out-not-empty', `${out} holds other files. Give --out a new folder.`)
  }
  const found = await studySafety(folder, { examples, seed })
  if (out !== undefined) writeSafety(out, found)
  await world.print(json ? `${JSON.stringify(found.report)}\n` : show(found.report))
  return 0
}

function show(report: SafetyReport): string {
  const models = report.models.map((one) => [
    one.model,
    count(one.conversations),
    count(one.attempts),
    count(one.successes),
    share(one.successes, one.attempts),
    count(one.attemptConversations),
    count(one.successConversations),
  ])
  const names = Object.entries(report.flaggedConversations).sort((a, b) => b[1] - a[1])
  const flagged = names.map(([category, conversations]) => {
    const set = report.evaluationSets[category]
    return [
      category,
      count(conversations),
      share(conversations, report.conversations),
      `${count(set?.flagged ?? 0)} + ${count(set?.clean ?? 0)}`,
    ]
  })
  return [
    `${count(report.conversations)} conversations, ${count(report.messages)} messages: ${count(report.flaggedMessages)} flagged, ${count(report.unjudged)} not judged`,
    '',
    toTable(['model', 'conversations', 'attempts', 'successes', 'rate', 'conv. with attempt', 'with success'], models),
    '',
    toTable(['category', 'flagged conversations', 'share', 'evaluation set (flagged + clean)'], flagged),
    '',
  ].join('\n')
}
