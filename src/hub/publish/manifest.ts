import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { FileEntry } from '../datasets/git.ts'

/** What the hub reads of a release's manifest; the rest is for people and other programs. */
const ReleaseManifest = z.looseObject({
  kind: z.literal('colloquy-release'),
  checksum: z.string(),
  files: z.array(z.looseObject({ path: z.string(), sizeBytes: z.number(), sha256: z.string() })),
})

/**
 * Checks a revision's files against the release manifest among them: its own checksum, every listed file's size and SHA-256, and no data file
 * beside the list. Gives what is wrong, in words; nothing where all of it holds, and nothing for a manifest.json that is no release's.
 */
export function checkManifest(text: string, files: ReadonlyMap<string, FileEntry>): string[] {
  const manifest = ReleaseManifest.safeParse(parse(text))
  if (!manifest.success) return looksLikeRelease(text) ? ['manifest.json cannot be read as the manifest of a release'] : []
  const faults: string[] = []
  // The manifest vouches for itself: its last field is the hash of the same text with that field empty.
  const open = text.replace(`"checksum": "${manifest.data.checksum}"`, '"checksum": ""')
  if (createHash('sha256').update(open).digest('hex') !== manifest.data.checksum)
    faults.push('manifest.json does not have the checksum that it names')
  const listed = new Set(manifest.data.files.map(({ path }) => path))
  for (const { path, sizeBytes, sha256 } of manifest.data.files) {
    const file = files.get(path)
    if (!file) faults.push(`${path} is missing`)
    else if (file.sizeBytes !== sizeBytes) faults.push(`${path} has ${file.sizeBytes} bytes, not ${sizeBytes}`)
    else if (file.sha256 !== sha256) faults.push(`${path} does not have the SHA-256 that the manifest lists`)
  }
  for (const path of files.keys()) if (path.startsWith('data/') && !listed.has(path)) faults.push(`${path} is not in the manifest`)
  return faults
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function looksLikeRelease(text: string): boolean {
  return text.includes('"colloquy-release"')
}
