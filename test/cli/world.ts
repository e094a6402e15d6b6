import { Readable } from 'node:stream'
import { main } from '../../src/cli/run.ts'
import { silentLog } from '../../src/log.ts'

/** Runs a command line inside this process: what it printed, what it said in error, and its exit code. */
export async function runCli(
  args: readonly string[],
  stdin = '',
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  const code = await main(args, {
    stdin: Readable.from([Buffer.from(stdin, 'latin1')]),
    print: async (text) => void out.push(text.endsWith('\n') ? text : `${text}\n`),
    complain: (text) => void err.push(text),
    log: silentLog,
    env,
    now: () => new Date(),
    signal: new AbortController().signal,
  })
  return { code, out: out.join(''), err: err.join('') }
}
