import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Settings } from '../config.ts'
import { defaultJobs, openPool } from '../engine/pool.ts'
import { publishFolder } from '../hub/publish/folder.ts'
import { verifyRelease } from '../release/verify.ts'
import { build } from './build.ts'
import type { CommandModule, World } from './command.ts'
import { openHubOf } from './serve.ts'
import { listenNear, runSite } from './site.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** `colloquy start`: everything, with no settings. The package's sample logs become a release, which a hub of this machine shows on one port. */
export const run: CommandModule['run'] = async ({ settings, world }) => {
  const out = settings.out ?? join('.colloquy', 'sample')
  const own = { ...settings, data: settings.data ?? join('.colloquy', 'hub') }
  await buildSample(out, settings, world)
  if (world.signal.aborted) return 0
  const hub = await openHubOf(own, world)
  try {
    const sample = { folder: out, namespace: 'colloquy', name: 'sample', title: 'Publish the sample release' }
    if (await publishFolder(hub, sample)) world.log.info('start.published', { dataset: 'colloquy/sample' })
    return await runSite({ hub, settings: own, world }, listenNear)
  } finally {
    await hub.indexes.close()
    await hub.database.close()
  }
}

/** Builds the sample release, unless the same code made it from the same logs before and it is still whole. */
async function buildSample(out: string, settings: Settings, world: World): Promise<void> {
  const stampFile = `${out}.built-from`
  const stamp = stampOf(['dist', 'assets', 'examples'])
  const isBuilt = existsSync(join(out, 'manifest.json')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  if (isBuilt && (await verifyRelease(out)).faults.length === 0) return
  const pool = openPool(settings.jobs ?? defaultJobs())
  try {
    const sample = { ...settings, recipe: join(root, 'examples', 'recipe.yaml') }
    const { words } = await build({ inputs: [join(root, 'examples', 'logs')], out, settings: sample, world, pool })
    if (!settings.json) await world.print(words.join('\n\n'))
    writeFileSync(stampFile, stamp)
  } finally {
    await pool.close()
  }
}

/** A hash of names, sizes and times of all files that the sample is made by and from; reading them all would take longer than starting. */
function stampOf(folders: readonly string[]): string {
  const hash = createHash('sha256')
  for (const folder of folders) {
    if (!existsSync(join(root, folder))) continue
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (folder === 'dist' && /^web([/\\]|$)/.test(name)) continue
      const { size, mtimeMs } = statSync(join(root, folder, name))
      hash.update(`${folder}/${name}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}
