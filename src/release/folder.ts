import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { InputError } from '../errors.ts'
import { manifestSchema } from './manifest.ts'

/** A release folder in the making, beside the place where it will stand. */
export interface Building {
  /** The release's own files go here. */
  release: string
  /** Intermediate files go here. */
  scratch: string
  /** Gives the release its name; a former release of that name is gone afterwards. */
  finish(): void
}

const mark = '.colloquy-building'

/**
 * Opens `<out>.building` for a release at `out`. What an interrupted run left there is removed: it is made again, byte for byte.
 * @throws InputError `out-not-ours` when `out` or `<out>.building` holds something that we did not make; nothing is touched then.
 */
export function openBuilding(out: string): Building {
  const target = resolve(out)
  const building = `${target}.building`
  const replaced = `${target}.replaced`
  refuseForeign(target)
  for (const leftover of [building, replaced]) {
    if (!existsSync(leftover)) continue
    if (!existsSync(join(leftover, mark)) && !isRelease(leftover)) {
      throw new InputError('out-not-ours', `${leftover} is in the way: it was not made by colloquy. Move it, or give another --out.`)
    }
    // Killed between the two renames of finish: the former release goes back to its name until the new one is whole.
    if (leftover === replaced && !existsSync(target)) renameSync(replaced, target)
    else rmSync(leftover, { recursive: true })
  }
  mkdirSync(dirname(target), { recursive: true })
  mkdirSync(building)
  writeFileSync(join(building, mark), 'A release in the making. Removed when it is finished; safe to remove.\n')
  const release = join(building, 'release')
  const scratch = join(building, 'scratch')
  for (const folder of [join(release, 'data'), join(release, 'figures'), scratch]) mkdirSync(folder, { recursive: true })
  return {
    release,
    scratch,
    finish() {
      refuseForeign(target)
      if (existsSync(target)) renameSync(target, replaced)
      renameSync(release, target)
      rmSync(building, { recursive: true })
      rmSync(replaced, { recursive: true, force: true })
    },
  }
}

function refuseForeign(target: string): void {
  if (!existsSync(target) || isRelease(target)) return
  throw new InputError(
    'out-not-ours',
    `${target} exists and is not a release that colloquy made, or holds other files beside one. Give another --out, or move it away.`,
  )
}

/** An empty folder, or one that holds a release's files and nothing else. */
function isRelease(folder: string): boolean {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
  if (files.length === 0) return true
  if (!files.includes('manifest.json')) return false
  try {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
    const own = new Set(['manifest.json', ...manifest.files.map(({ path }) => path)])
    return files.every((file) => own.has(file))
  } catch {
    return false
  }
}
