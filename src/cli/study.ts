import { InputError } from '../errors.ts'
import type { CommandModule } from './command.ts'

/** What can be studied, by the first operand of `colloquy study`. */
const studies: Readonly<Record<string, () => Promise<CommandModule>>> = {
  leaderboard: () => import('./study.leaderboard.ts'),
  safety: () => import('./study.safety.ts'),
}

/** `colloquy study WHAT DIR`: findings of a release folder. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const [what = '', ...folders] = operands
  const load = studies[what]
  if (!load) throw new InputError('study-unknown', `There is no study named '${what}'. Choose from: ${Object.keys(studies).join(', ')}.`)
  if (folders.length === 0) throw new InputError('operand-missing', `colloquy study ${what} needs the folder of a release.`)
  return (await load()).run({ operands: folders, settings, world })
}
