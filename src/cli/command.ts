import type { SettingName, Settings } from '../config.ts'
import type { Log } from '../log.ts'

/** The world outside a command: what main.ts hands in, and tests replace. */
export interface World {
  stdin: AsyncIterable<Uint8Array>
  /** Results: text for people, or JSON lines with --json. Resolves when the reader has room for more. */
  print(text: string): Promise<void>
  /** Words of an error, on stderr. */
  complain(text: string): void
  /** Progress and remarks, on stderr. */
  log: Log
  /** One line that overwrites itself on a terminal (progress); undefined where stderr is no terminal. */
  status?: (line: string) => void
  env: Readonly<Record<string, string | undefined>>
  now(): Date
  /** Aborted by the first interrupt: finish the shard, leave a resumable state. */
  signal: AbortSignal
}

/** What a command's module exports: runs it, and resolves to the exit code. */
export interface CommandModule {
  run(call: { operands: string[]; settings: Settings; world: World }): Promise<number>
}

/** A command of the table below. */
export interface Command {
  /** Operands in usage notation. */
  operands: string
  summary: string
  settings: readonly SettingName[]
  load(): Promise<CommandModule>
}
