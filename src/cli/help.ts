import { type Setting, type SettingName, settings } from '../config.ts'
import type { Command } from './command.ts'

/** The overview that `colloquy help` prints. */
export function printHelp(commands: Readonly<Record<string, Command>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length), 0)
  const rows = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(width)}  ${command.summary}`)
  return [
    'colloquy: from raw LLM chat logs to a documented, gated, browsable dataset',
    '',
    ...rows,
    '',
    "'colloquy COMMAND --help' tells the flags of one.",
    '',
  ].join('\n')
}

/** One command's usage: operands, flags with unit, range, default and environment variable. */
export function printCommandHelp(name: string, command: Command): string {
  const flags: SettingName[] = [...command.settings, 'json', 'help']
  const heads = flags.map((flag) => {
    const { value } = settings[flag] as Setting<unknown>
    return `--${flag}${value ? ` ${value}` : ''}`
  })
  const width = Math.max(...heads.map((head) => head.length))
  const rows = flags.map((flag, index) => {
    const { help, default: fallback, env } = settings[flag] as Setting<unknown>
    const notes = [fallback ? `default: ${fallback}` : '', env ? `environment: ${env}` : ''].filter(Boolean).join('; ')
    return `  ${(heads[index] ?? '').padEnd(width)}  ${help}${notes ? ` (${notes})` : ''}`
  })
  return [`colloquy ${name} ${command.operands}`.trim(), '', command.summary, '', ...rows, ''].join('\n')
}
