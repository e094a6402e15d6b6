import { type ExecFileOptions, execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * The Python with test/python/requirements.txt installed, from COLLOQUY_PYTHON (scripts/python-env.sh makes one and prints its path); undefined
 * otherwise. Tests of other people's clients skip then, and say so.
 */
export const python: string | undefined = find()

/** What a Python program prints: a file with its arguments, or `-c` and code. Throws with what it said when it fails. Runs by run.py, which says why. */
export async function runPython(program: string[], options: ExecFileOptions = {}): Promise<string> {
  const runner = fileURLToPath(new URL('./run.py', import.meta.url))
  const { stdout } = await promisify(execFile)(python ?? '', [runner, ...program], { maxBuffer: 1 << 26, ...options, encoding: 'utf8' })
  return stdout
}

function find(): string | undefined {
  const path = process.env.COLLOQUY_PYTHON
  if (path && existsSync(path)) return path
  const why = path ? `COLLOQUY_PYTHON is ${path}, which does not exist` : 'COLLOQUY_PYTHON is not set'
  process.stderr.write(`SKIPPED: tests of Python clients (${why}; export COLLOQUY_PYTHON=$(bash scripts/python-env.sh)).\n`)
  return undefined
}
