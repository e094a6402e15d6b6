import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import { toJson, writeWhole } from '../storage/files.ts'
import { writeAgreement } from './agreement.ts'
import { checkCard } from './card.check.ts'
import { writeCard } from './card.ts'
import { writeFrontMatter } from './card.yaml.ts'
import { writeCroissant } from './croissant.ts'
import type { ReleaseFacts } from './facts.ts'
import { drawFigures } from './figures.ts'
import { type ManifestFile, writeManifest } from './manifest.ts'

/** Writes everything of a release but the data, and tells what a person should know: the folder's last file is the manifest, over all others. */
export function writeDocuments(folder: string, facts: ReleaseFacts): { files: ManifestFile[]; warnings: string[] } {
  const figures = drawFigures(facts.stats)
  const { errors, warnings } = checkCard(writeFrontMatter(facts))
  // Our own writer and our own checker disagree: a bug, not something that a setting can mend.
  if (errors.length > 0)
    throw new AppError('card-invalid', `The card's front matter would be refused: ${errors.join(' ')} Please report this.`)
  const files: ManifestFile[] = facts.data.files.map(({ path, sizeBytes, sha256, rows }) => ({ path, sizeBytes, sha256, rows }))
  const write = (path: string, text: string) => {
    writeWhole(join(folder, path), text)
    files.push({ path, sizeBytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') })
  }
  for (const { path, svg } of figures) write(path, svg)
  write('stats.json', toJson(facts.stats))
  write('croissant.json', toJson(writeCroissant(facts)))
  write('LICENSE.md', writeAgreement(facts))
  write('README.md', writeCard(facts, figures))
  write('manifest.json', writeManifest(facts, files))
  return { files, warnings: [...warnings, ...doubts(facts)] }
}

/** Name and version of this program, as card and manifest state them. */
export function readCode(): { name: string; version: string } {
  const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    name: string
    version: string
  }
  return { name, version }
}

/** What a publisher probably wants to set before others see the release. */
function doubts({ settings, published }: ReleaseFacts): string[] {
  const missing = (['licensor', 'contact', 'law', 'url'] as const).filter((name) => settings[name] === undefined)
  return [
    ...(missing.length > 0 ? [`Not set, so card and agreement say it in general words: ${missing.join(', ')}.`] : []),
    ...(published === undefined ? ["No day of publication: the logs carry no dates. Set 'published'; Croissant asks for it."] : []),
  ]
}
