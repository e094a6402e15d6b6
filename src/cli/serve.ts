import { join } from 'node:path'
import type { Settings } from '../config.ts'
import { InputError } from '../errors.ts'
import { type Hub, type HubOptions, openHub } from '../hub/hub.ts'
import { openBlobs } from '../storage/blobs.open.ts'
import { openDatabase } from '../storage/database.open.ts'
import type { World } from './command.ts'
import { hubTools } from './hub-tools.ts'
import { listen, runSite } from './site.ts'

/** `colloquy serve`: hub and chat site, until it is told to stop. Running answers end first. */
export async function run({ settings, world }: { settings: Settings; world: World }): Promise<number> {
  const hub = await openHubOf(settings, world)
  try {
    return await runSite({ hub, settings, world }, listen)
  } finally {
    await hub.indexes.close()
    await hub.database.close()
  }
}

/**
 * Opens the hub's storage as the settings say: everything in `--data`, unless DATABASE_URL or `--files` name other places.
 * @throws InputError `data-missing`, `nginx-files-remote`.
 */
export async function openHubOf(settings: Settings, world: World): Promise<Hub> {
  const { data } = settings
  if (!data) throw new InputError('data-missing', 'Give the folder that the hub keeps its data in: --data DIR.')
  const blobs = await openBlobs(settings.files ?? join(data, 'files'))
  if (settings['nginx-files'] && !blobs.path)
    throw new InputError('nginx-files-remote', 'nginx can send files of a folder only. Leave out --nginx-files, or give --files a folder.')
  const url = settings['database-url']
  const database = await openDatabase(url ? { url } : { folder: join(data, 'database') })
  try {
    return await openHub({
      database,
      blobs,
      log: world.log,
      now: world.now,
      tools: hubTools(),
      options: {
        isBehindProxy: settings['behind-proxy'] === true,
        cacheFolder: join(data, 'cache'),
        ...(settings['nginx-files'] ? { filesLocation: settings['nginx-files'] } : {}),
        ...(settings['public-url'] ? { publicUrl: settings['public-url'] } : {}),
        ...outside(settings),
      },
    })
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * How the hub speaks to people and providers outside. Links in mails and the way back from a provider must lead to the address that the operator
 * named: what a request says of its host can be anyone's.
 * @throws InputError `public-url-missing`, `mail-incomplete`, `oidc-incomplete`.
 */
export function outside(settings: Settings): Pick<HubOptions, 'mail' | 'oidc'> {
  const {
    'smtp-url': url,
    'mail-from': from,
    'oidc-issuer': issuer,
    'oidc-client-id': clientId,
    'oidc-client-secret': clientSecret,
  } = settings
  if ((url || issuer) && !settings['public-url']) {
    throw new InputError('public-url-missing', 'Mail and OpenID need the address that people reach the hub by: --public-url https://….')
  }
  if (url && !from) throw new InputError('mail-incomplete', 'Mail needs the address that it comes from: --mail-from ADDRESS.')
  if (issuer && !(clientId && clientSecret)) {
    throw new InputError('oidc-incomplete', 'The OpenID provider needs --oidc-client-id and COLLOQUY_OIDC_CLIENT_SECRET.')
  }
  return {
    ...(url && from ? { mail: { url, from } } : {}),
    ...(issuer && clientId && clientSecret ? { oidc: { issuer, clientId, clientSecret, name: settings['oidc-name'] ?? 'OpenID' } } : {}),
  }
}
