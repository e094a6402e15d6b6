#!/usr/bin/env node
import { jsonLog, textLog } from '../log.ts'
import type { World } from './command.ts'
import { main } from './run.ts'

function processWorld(): World {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  process.once('SIGTERM', () => interrupt.abort())
  const write = (line: string) => void process.stderr.write(line)
  return {
    stdin: process.stdin,
    print: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, (error) => (error ? reject(error) : resolve()))
      }),
    complain: write,
    log: process.stderr.isTTY ? textLog(write) : jsonLog(write, () => new Date()),
    ...(process.stderr.isTTY ? { status: (line: string) => void process.stderr.write(`\r\x1b[2K${line}`) } : {}),
    env: process.env,
    now: () => new Date(),
    signal: interrupt.signal,
  }
}

process.exitCode = await main(process.argv.slice(2), processWorld())
