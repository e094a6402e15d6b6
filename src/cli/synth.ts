import { loadSynthData } from '../collect/synth/data.ts'
import { writeSynth } from '../collect/synth/folder.ts'
import { InputError } from '../errors.ts'
import type { CommandModule } from './command.ts'

/** `colloquy synth`: realistic raw logs of any size, with their answer key. */
export const run: CommandModule['run'] = async ({ settings, world }) => {
  const { conversations, out, truth, seed = 42 } = settings
  if (conversations === undefined || out === undefined)
    throw new InputError('flag-missing', 'colloquy synth needs --conversations N and --out DIR.')
  const started = world.now().getTime()
  const summary = await writeSynth(loadSynthData(), {
    conversations,
    seed,
    out,
    ...(truth ? { truth } : {}),
    signal: world.signal,
    onProgress: (made) => world.status?.(`synth: ${made} of ${conversations} conversations`),
  })
  world.status?.('')
  const lines = Object.values(summary.lines).reduce((sum, count) => sum + count, 0)
  world.log.info('synth.written', { conversations, lines, files: summary.files, ms: world.now().getTime() - started })
  if (settings.json) await world.print(`${JSON.stringify(summary)}\n`)
  else {
    await world.print(
      `${summary.conversations} conversations in ${lines} lines of ${summary.files} files: ${out}${truth ? `; answer key: ${truth}` : ''}\n`,
    )
  }
  return 0
}
