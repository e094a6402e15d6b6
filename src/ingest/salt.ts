import { createHmac, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describeError, InputError } from '../errors.ts'

/** Fewest characters of a secret that is worth the name. */
const leastCharacters = 16

/**
 * The secret of the keyed user ids: the file's text without blanks around it. A file that is not there is made, mode 600, with 32 random bytes in hex.
 * @throws InputError `salt-unreadable`, `salt-too-short`.
 */
export function loadSalt(path: string): string {
  const text = readOrNothing(path) ?? makeSalt(path)
  const secret = text.trim()
  if (secret.length >= leastCharacters) return secret
  throw new InputError(
    'salt-too-short',
    `The secret in '${path}' has ${secret.length} characters; it takes at least ${leastCharacters}. Delete the file to have one made.`,
  )
}

/** A name for the secret that does not tell it: another secret makes other user ids, so that finished work cannot go on. */
export function saltId(secret: string): string {
  return createHmac('sha256', secret).update('colloquy salt id').digest('hex').slice(0, 16)
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw unreadable(path, error)
  }
}

/** Written aside and linked into place: a kill leaves no half secret, and of two at once one wins. */
function makeSalt(path: string): string {
  const aside = `${path}.${process.pid}.part`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(aside, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true })
    try {
      linkSync(aside, path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    rmSync(aside, { force: true })
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, cause: unknown): InputError {
  return new InputError('salt-unreadable', `The secret's file '${path}' cannot be read or made: ${describeError(cause)}`, { cause })
}
