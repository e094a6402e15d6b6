import { readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describeError, NotFoundError } from '../errors.ts'
import { isPattern, patternBase, patternToRegExp } from './glob.ts'

/** A file to read: where it lies, and the name that it has in reports and sources (never an absolute path). */
export interface InputFile {
  path: string
  label: string
}

/** What the operands name: files sorted by label, and whether standard input is among them (`-`). */
export interface Inputs {
  files: InputFile[]
  hasStdin: boolean
}

/** Files of a folder or a pattern that are taken for logs; a file named by itself is read whatever its name. */
const logName = /\.(json|jsonl|ndjson|parquet)(\.(gz|zst))?$/i

/**
 * The files that operands name: files, folders (searched through), patterns. Labels are paths from the folder that all operands have in common,
 * so that neither the order of operands nor the place of the logs on the disk shows in the result. The work folder is left out where it lies among
 * the logs.
 * @throws NotFoundError `input-missing`, `input-empty`.
 */
export function findInputs(operands: readonly string[], work: string): Inputs {
  const own = `${resolve(work)}${sep}`
  const paths = new Set<string>()
  const bases: string[] = []
  for (const operand of operands.filter((name) => name !== '-')) {
    const found = isExisting(operand) || !isPattern(operand) ? namedPaths(operand) : patternPaths(operand)
    for (const path of found.paths) if (!path.startsWith(own)) paths.add(path)
    bases.push(found.base)
  }
  const base = commonFolder(bases)
  const files = [...paths].map((path) => ({ path, label: relative(base, path).split(sep).join('/') }))
  return { files: files.sort((a, b) => (a.label < b.label ? -1 : 1)), hasStdin: operands.includes('-') }
}

function isExisting(operand: string): boolean {
  return statSync(operand, { throwIfNoEntry: false }) !== undefined
}

function namedPaths(operand: string): { paths: string[]; base: string } {
  const path = resolve(operand)
  const stat = statOrNothing(path)
  if (!stat)
    throw new NotFoundError('input-missing', `There is no '${operand}'. Name log files, folders, patterns, or '-' for standard input.`)
  if (!stat.isDirectory()) return { paths: [path], base: dirname(path) }
  const paths = logsBelow(path)
  if (paths.length > 0) return { paths, base: path }
  throw new NotFoundError(
    'input-empty',
    `The folder '${operand}' holds no logs: files named .json, .jsonl, .ndjson or .parquet, also with .gz or .zst. Name a file by itself to read it whatever its name.`,
  )
}

function patternPaths(operand: string): { paths: string[]; base: string } {
  const base = resolve(patternBase(operand))
  const pattern = patternToRegExp(resolve(operand).split(sep).join('/'))
  const paths = filesBelow(base).filter((path) => pattern.test(path.split(sep).join('/')))
  if (paths.length > 0) return { paths, base }
  throw new NotFoundError('input-empty', `No file matches '${operand}'.`)
}

function statOrNothing(path: string) {
  try {
    return statSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined
    throw new NotFoundError('input-missing', `'${path}' cannot be read: ${describeError(error)}`, { cause: error })
  }
}

function logsBelow(folder: string): string[] {
  return filesBelow(folder).filter((path) => logName.test(path))
}

function filesBelow(folder: string): string[] {
  if (!statOrNothing(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && statOrNothing(join(entry.parentPath, entry.name))?.isFile()))
    .map((entry) => join(entry.parentPath, entry.name))
}

function commonFolder(folders: readonly string[]): string {
  const split = folders.map((folder) => folder.split(sep))
  const first = split[0] ?? []
  const length = split.reduce((shared, other) => {
    const differs = first.findIndex((part, index) => part !== other[index])
    return Math.min(shared, differs < 0 ? first.length : differs)
  }, first.length)
  return first.slice(0, length).join(sep) || sep
}
