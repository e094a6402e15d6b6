import { InputError } from '../errors.ts'
import type { CommandModule } from './command.ts'

/** What can be measured, by the first operand of `colloquy eval`. */
const evaluations: Readonly<Record<string, () => Promise<CommandModule>>> = {
  contamination: () => import('./eval.contamination.ts'),
  duplicates: () => import('./eval.duplicates.ts'),
  language: () => import('./eval.language.ts'),
  moderation: () => import('./eval.moderation.ts'),
  redaction: () => import('./eval.redaction.ts'),
}

/** `colloquy eval WHAT FILE…`: our labels against files of known truth. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const [what = '', ...files] = operands
  const load = evaluations[what]
  if (!load) {
    throw new InputError(
      'eval-unknown',
      `There is nothing to evaluate named '${what}'. Choose from: ${Object.keys(evaluations).join(', ')}.`,
    )
  }
  if (files.length === 0) throw new InputError('eval-file-missing', `colloquy eval ${what} needs at least one file of known truth.`)
  return (await load()).run({ operands: files, settings, world })
}
