import { existsSync } from 'node:fs'

/**
 * The Python with test/python/requirements.txt installed, from COLLOQUY_PYTHON (scripts/python-env.sh makes one and prints its path); undefined
 * otherwise. Tests of other people's clients skip then, and say so.
 */
export const python: string | undefined = find()

function find(): string | undefined {
  const path = process.env.COLLOQUY_PYTHON
  if (path && existsSync(path)) return path
  const why = path ? `COLLOQUY_PYTHON is ${path}, which does not exist` : 'COLLOQUY_PYTHON is not set'
  process.stderr.write(`SKIPPED: tests of Python clients (${why}; export COLLOQUY_PYTHON=$(bash scripts/python-env.sh)).\n`)
  return undefined
}
