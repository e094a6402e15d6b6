import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Settings } from '../config.ts'
import { describeError, InputError } from '../errors.ts'
import { verifyRelease } from '../release/verify.ts'
import { releaseWithout } from '../release/without.ts'
import type { World } from './command.ts'

/** `colloquy publish DIR --to URL --dataset ns/name`: verifies a release and commits all of it at once, to a Colloquy hub or the Hugging Face Hub. */
export async function run({ operands, settings, world }: { operands: string[]; settings: Settings; world: World }): Promise<number> {
  const [folder] = operands
  const { to, dataset, token } = settings
  if (!folder || !existsSync(folder)) throw new InputError('publish-folder-missing', `There is no folder '${folder ?? ''}' to publish.`)
  if (!to || !/^https?:\/\//.test(to))
    throw new InputError('publish-to-missing', 'Say where to publish: --to URL, such as https://huggingface.co.')
  if (!dataset || !/^[^/\s]+\/[^/\s]+$/.test(dataset))
    throw new InputError('publish-dataset-missing', 'Name the dataset: --dataset NAMESPACE/NAME.')
  if (!token?.startsWith('hf_'))
    throw new InputError('publish-token-missing', 'Give a write token: --token hf_… or HF_TOKEN in the environment.')
  const { faults } = await verifyRelease(folder)
  if (faults.length > 0) {
    const words = faults.slice(0, 5).map(({ message }) => message)
    throw new InputError(
      'publish-invalid',
      `'${folder}' is not a whole release: ${words.join(' ')} Run 'colloquy verify ${folder}' for all of it.`,
    )
  }
  const { createRepo, uploadFiles, HubApiError } = await import('@huggingface/hub')
  const hub = { accessToken: token, hubUrl: to.replace(/\/+$/, ''), repo: { type: 'dataset' as const, name: dataset } }
  try {
    await createRepo({ ...hub, ...(settings.private ? { visibility: 'private' as const } : {}) })
    world.log.info('publish.dataset-made', { dataset })
  } catch (error) {
    if (!(error instanceof HubApiError && error.statusCode === 409)) throw refused(error, to)
  }
  const scratch = mkdtempSync(join(tmpdir(), 'colloquy-publish-'))
  try {
    const from = await withoutDeleted({ folder, out: join(scratch, 'release'), to: hub.hubUrl, dataset, token, world })
    const files = listFiles(from)
    const commit = await uploadFiles({
      ...hub,
      useXet: false,
      commitTitle: settings.title ?? 'Publish release',
      files: files.map((path) => ({ path, content: pathToFileURL(join(from, path)) })),
    })
    if (!commit) throw new InputError('publish-empty', `'${folder}' has no files to publish.`)
    const result = { dataset, revision: commit.commit.oid, url: commit.commit.url, files: files.length }
    await world.print(
      settings.json ? JSON.stringify(result) : `Published ${files.length} files as ${dataset} at ${result.revision}\n${result.url}`,
    )
    return 0
  } catch (error) {
    throw refused(error, to)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const Hashes = z.array(z.string())

/** The folder, or the release made again without what was deleted from the dataset on request. Other hubs do not know what that is. */
async function withoutDeleted(given: {
  folder: string
  out: string
  to: string
  dataset: string
  token: string
  world: World
}): Promise<string> {
  const { folder, out, to, dataset, token, world } = given
  const response = await fetch(`${to}/api/datasets/${dataset}/tombstones`, { headers: { Authorization: `Bearer ${token}` } })
  const hashes = response.ok ? Hashes.safeParse(await response.json().catch(() => undefined)).data : undefined
  if (!hashes || hashes.length === 0) return folder
  const published = world.now().toISOString().slice(0, 10)
  const { removed } = await releaseWithout({ from: folder, out, conversations: [], users: [], hashes, published })
  if (removed.length === 0) return folder
  world.log.info('publish.deleted-left-out', { conversations: removed.length })
  return out
}

/** Everything below a folder but what tools leave there, by path with `/`. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
    .filter((path) => !/(^|\/)(\.git|\.cache|\.DS_Store)(\/|$)/.test(path))
    .sort()
}

function refused(error: unknown, to: string): Error {
  if (error instanceof InputError) return error
  return new InputError('publish-refused', `${to} refused: ${describeError(error)}`, { cause: error })
}
