import { InputError } from '../errors.ts'
import { verifyRelease } from '../release/verify.ts'
import type { CommandModule } from './command.ts'

/** `colloquy verify DIR`: exit code 0 when all of the release holds, 1 when something does not, with a line for each fault. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const [dir, ...more] = operands
  if (!dir || more.length > 0) throw new InputError('operand-invalid', 'colloquy verify takes one folder: colloquy verify DIR.')
  const { files, rows, faults } = await verifyRelease(dir)
  const isWhole = faults.length === 0
  if (settings.json) await world.print(JSON.stringify({ ok: isWhole, files, rows, faults }))
  else if (isWhole) await world.print(`${dir} is whole: ${files} files as in the manifest, ${rows.toLocaleString('en')} rows.`)
  else await world.print([`${dir} is not whole:`, ...faults.map(({ message }) => `  ${message}`)].join('\n'))
  return isWhole ? 0 : 1
}
