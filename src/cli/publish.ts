import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Settings } from '../config.ts'
import { describeError, InputError } from '../errors.ts'
import { verifyRelease } from '../release/verify.ts'
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
  const files = listFiles(folder)
  const { createRepo, uploadFiles, HubApiError } = await import('@huggingface/hub')
  const hub = { accessToken: token, hubUrl: to.replace(/\/+$/, ''), repo: { type: 'dataset' as const, name: dataset } }
  try {
    await createRepo({ ...hub, ...(settings.private ? { visibility: 'private' as const } : {}) })
    world.log.info('publish.dataset-made', { dataset })
  } catch (error) {
    if (!(error instanceof HubApiError && error.statusCode === 409)) throw refused(error, to)
  }
  try {
    const commit = await uploadFiles({
      ...hub,
      useXet: false,
      commitTitle: settings.title ?? 'Publish release',
      files: files.map((path) => ({ path, content: pathToFileURL(join(folder, path)) })),
    })
    if (!commit) throw new InputError('publish-empty', `'${folder}' has no files to publish.`)
    const result = { dataset, revision: commit.commit.oid, url: commit.commit.url, files: files.length }
    await world.print(
      settings.json ? JSON.stringify(result) : `Published ${files.length} files as ${dataset} at ${result.revision}\n${result.url}`,
    )
    return 0
  } catch (error) {
    throw refused(error, to)
  }
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
