import { existsSync } from 'node:fs'
import { evaluateLanguage } from '../curate/language/evaluate.ts'
import { NotFoundError } from '../errors.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

const percent = (share: number) => (100 * share).toFixed(1)

/** `colloquy eval language FILE…`: accuracy by language, reliability of the confidence, speed. Files hold `code<TAB>text` lines. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  for (const file of operands) {
    if (!existsSync(file)) throw new NotFoundError('eval-file-unknown', `There is no file '${file}'.`)
    const score = await evaluateLanguage(file)
    if (settings.json) {
      await world.print(`${JSON.stringify(score)}\n`)
      continue
    }
    const rows = score.languages.map(({ code, texts, right, mostTakenFor }) => [
      code,
      String(texts),
      percent(right / texts),
      mostTakenFor ?? '–',
    ])
    const bins = score.reliability.map(({ texts, confidence, right }, tenth) => [
      `${tenth * 10}–${tenth * 10 + 10} %`,
      String(texts),
      percent(confidence),
      percent(right),
    ])
    await world.print(
      [
        `${file}: ${score.texts} texts, ${score.textsPerSecond} texts/s`,
        `accuracy ${percent(score.accuracy)} % (mean over ${score.languages.length} languages), ${percent(score.textAccuracy)} % of texts`,
        '',
        toTable(['language', 'texts', 'right %', 'most taken for'], rows),
        '',
        toTable(['confidence', 'texts', 'stated %', 'right %'], bins),
        '',
      ].join('\n'),
    )
  }
  return 0
}
