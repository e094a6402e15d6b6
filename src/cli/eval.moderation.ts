import type { Settings } from '../config.ts'
import { evaluateModeration, type Judge, type ModerationFigures } from '../curate/moderation/evaluate.ts'
import { createModerationLabeller } from '../curate/moderation/labeller.ts'
import { parseModerationSettings } from '../curate/moderation/settings.ts'
import { InputError } from '../errors.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

const figure = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(3))

/** `colloquy eval moderation FILE…`: AUPRC, F1 and calibration by category, the worst mistakes (covered), agreement of two sources. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const first = await openSource(settings.source ?? 'classifier', settings)
  const second = settings.against === undefined ? undefined : await openSource(settings.against, settings)
  try {
    for (const file of operands) {
      const figures = await evaluateModeration(file, first.judge, {
        ...(second ? { against: second.judge } : {}),
        ...(settings.uncover ? { uncover: true } : {}),
      })
      await world.print(settings.json ? `${JSON.stringify(figures)}\n` : show(figures))
    }
  } finally {
    await first.close()
    await second?.close()
  }
  return 0
}

/** `classifier`, `openai`, `openai:MODEL` or `guard:TEMPLATE:MODEL`. */
async function openSource(name: string, settings: Settings): Promise<{ judge: Judge; close(): Promise<void> }> {
  const [source = '', ...rest] = name.split(':')
  const access = {
    ...(settings['openai-key'] === undefined ? {} : { apiKey: settings['openai-key'] }),
    ...(settings['openai-url'] === undefined ? {} : { baseUrl: settings['openai-url'] }),
  }
  const isKnown = ['classifier', 'openai', 'guard'].includes(source) && (source !== 'guard' || rest.length >= 2)
  if (!isKnown) {
    throw new InputError('moderation-source', `'${name}' is no source. Choose classifier, openai, openai:MODEL or guard:TEMPLATE:MODEL.`)
  }
  const model =
    source === 'guard' ? { template: rest[0], model: rest.slice(1).join(':') } : rest.length > 0 ? { model: rest.join(':') } : {}
  const labeller = await createModerationLabeller(parseModerationSettings({ source, ...access, ...model }))
  return {
    judge: async (text) => {
      const label = await labeller.label({
        id: '',
        model: '',
        messages: [{ role: 'user', content: text }],
        turns: 0,
        source: { file: '', line: 0 },
      })
      const [message] = label.messages
      if (!message) throw new InputError('moderation-source', `'${name}' gave no answer.`)
      return message
    },
    close: async () => labeller.close?.(),
  }
}

function show({ file, records, refused, failed, lowConfidence, categories, confusions, agreement }: ModerationFigures): string {
  const notes = [
    ...Object.entries(refused).map(([why, count]) => `${count} refused (${why})`),
    `${failed} failed`,
    `${lowConfidence} of low confidence`,
  ].join(', ')
  const rows = categories.map((one) => [
    one.category,
    String(one.cases),
    String(one.positives),
    ...[one.auprc, one.roc, one.precision, one.recall, one.f1, one.calibrationError].map(figure),
  ])
  const mistakes = confusions.map(({ category, kind, record, characters, score, text }) => [
    category,
    kind,
    String(record),
    figure(score),
    text === undefined ? `covered (${characters} characters)` : JSON.stringify(text.slice(0, 120)),
  ])
  return [
    `${file}: ${records} records, ${notes}`,
    '',
    toTable(['category', 'cases', 'positives', 'AUPRC', 'ROC', 'precision', 'recall', 'F1', 'ECE'], rows),
    ...(mistakes.length > 0 ? ['', toTable(['worst mistakes', 'kind', 'record', 'score', 'text'], mistakes)] : []),
    ...(agreement
      ? [
          '',
          toTable(
            ['agreement', 'same', 'kappa', 'only first', 'only second'],
            agreement.map((one) => [one.category, figure(one.same), figure(one.kappa), String(one.onlyFirst), String(one.onlySecond)]),
          ),
        ]
      : []),
    '',
  ].join('\n')
}
