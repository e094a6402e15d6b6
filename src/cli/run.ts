import { parseArgs } from 'node:util'
import { resolveSettings, type Setting, type SettingName, settings } from '../config.ts'
import { AppError, describeError, InputError } from '../errors.ts'
import type { Command, World } from './command.ts'
import { commands } from './commands.ts'
import { printCommandHelp, printHelp } from './help.ts'

/** Runs one command line; resolves to the exit code. Errors become words on stderr here and nowhere else. */
export async function main(args: readonly string[], world: World): Promise<number> {
  const [name = 'help', ...rest] = args
  const isJson = rest.includes('--json')
  try {
    if (['help', '--help', '-h'].includes(name)) return await print(world, printHelp(commands))
    const command = commands[name]
    if (!command) throw new InputError('command-unknown', `There is no command '${name}'. Commands: ${Object.keys(commands).join(', ')}.`)
    if (rest.includes('--help') || rest.includes('-h')) return await print(world, printCommandHelp(name, command))
    const { operands, flags } = parse(name, command, rest)
    const resolved = resolveSettings([...command.settings, 'json'], flags, world.env)
    return await (await command.load()).run({ operands, settings: resolved, world })
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal'
    const line = isJson ? JSON.stringify({ error: { code, message: describeError(error) } }) : `colloquy: ${describeError(error)}`
    world.complain(`${line}\n`)
    if (!(error instanceof AppError) && error instanceof Error && !isJson) world.complain(`${error.stack}\n`)
    return error instanceof AppError ? error.exitCode : 1
  }
}

async function print(world: World, text: string): Promise<number> {
  await world.print(text)
  return 0
}

function parse(name: string, command: Command, args: readonly string[]): { operands: string[]; flags: Record<string, string | undefined> } {
  const names: SettingName[] = [...command.settings, 'json', 'help']
  const options = Object.fromEntries(
    names.map((flag) => [flag, { type: (settings[flag] as Setting<unknown>).value ? ('string' as const) : ('boolean' as const) }]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    const flags = Object.fromEntries(Object.entries(values).map(([flag, value]) => [flag, value === undefined ? undefined : String(value)]))
    return { operands: positionals, flags }
  } catch (error) {
    throw new InputError('flag-invalid', `colloquy ${name}: ${describeError(error)} Run 'colloquy ${name} --help'.`, { cause: error })
  }
}
