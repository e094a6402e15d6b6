import { join } from 'node:path'
import type { Settings } from '../config.ts'
import { InputError } from '../errors.ts'
import { makeSetupKey, writeAdminToken } from '../hub/accounts/first-admin.ts'
import { createApp } from '../hub/app.ts'
import { type Hub, openHub } from '../hub/hub.ts'
import { startServer } from '../hub/server.ts'
import { openBlobs } from '../storage/blobs.open.ts'
import { openDatabase } from '../storage/database.open.ts'
import type { World } from './command.ts'

/** `colloquy serve`: the hub, until it is told to stop. Running answers end first. */
export async function run({ settings, world }: { settings: Settings; world: World }): Promise<number> {
  const hub = await openHubOf(settings, world)
  try {
    const tokenFile = settings['admin-token-file']
    if (tokenFile && (await writeAdminToken(hub, tokenFile))) world.log.info('hub.admin-token-written')
    const server = await startServer(createApp(hub), { host: settings.host ?? '127.0.0.1', port: settings.port ?? 8080 })
    world.log.info('hub.started', { port: server.port })
    await world.print(
      settings.json ? JSON.stringify({ port: server.port }) : `Colloquy answers on http://${settings.host ?? '127.0.0.1'}:${server.port}`,
    )
    const key = await makeSetupKey(hub)
    if (key && !settings.json)
      await world.print(
        `Make the first administrator, once, at ${settings['public-url'] ?? `http://localhost:${server.port}`}/setup#key=${key}`,
      )
    await new Promise<void>((resolve) => (world.signal.aborted ? resolve() : world.signal.addEventListener('abort', () => resolve())))
    await server.close()
    world.log.info('hub.stopped')
    return 0
  } finally {
    await hub.database.close()
  }
}

/**
 * Opens the hub's storage as the settings say: everything in `--data`, unless DATABASE_URL or `--files` name other places.
 * @throws InputError `data-missing`.
 */
export async function openHubOf(settings: Settings, world: World): Promise<Hub> {
  const { data } = settings
  if (!data) throw new InputError('data-missing', 'Give the folder that the hub keeps its data in: --data DIR.')
  const url = settings['database-url']
  const database = await openDatabase(url ? { url } : { folder: join(data, 'database') })
  try {
    return await openHub({
      database,
      blobs: await openBlobs(settings.files ?? join(data, 'files')),
      log: world.log,
      now: world.now,
      options: {
        isBehindProxy: settings['behind-proxy'] === true,
        cacheFolder: join(data, 'cache'),
        ...(settings['public-url'] ? { publicUrl: settings['public-url'] } : {}),
      },
    })
  } catch (error) {
    await database.close()
    throw error
  }
}
