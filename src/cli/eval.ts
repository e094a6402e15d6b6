import { InputError } from '../errors.ts'
import type { CommandModule } from './command.ts'

/** One quality harness: prints what it measures of the files. */
export type Evaluation = CommandModule['run']

/** What can be measured, by the first operand of `colloquy eval`. */
const evaluations: Readonly<Record<string, () => Promise<Evaluation>>> = {
  language: async () => (await import('./eval.language.ts')).run,
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
  return (await load())({ operands: files, settings, world })
}
