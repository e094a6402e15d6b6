import { createHash } from 'node:crypto'

/** A file of a revision. `oid` is git's id of the blob, or of its pointer file for content that is stored large (`isLarge`). */
export interface FileEntry {
  type: 'file'
  name: string
  oid: string
  sha256: string
  sizeBytes: number
  isLarge: boolean
}

/** A folder of a revision, by the id of its own tree. */
export interface FolderEntry {
  type: 'directory'
  name: string
  oid: string
}

/** A file or folder of a revision. */
export type Entry = FileEntry | FolderEntry

/** Git's id of a file's content. */
export function hashBlob(content: Uint8Array): string {
  return hashObject('blob', content)
}

/** Git's id of the pointer that stands for large content. @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
export function hashPointer(sha256: string, sizeBytes: number): string {
  return hashBlob(Buffer.from(pointerText(sha256, sizeBytes)))
}

/** Length of the pointer, as listings report it. */
export function pointerSize(sha256: string, sizeBytes: number): number {
  return pointerText(sha256, sizeBytes).length
}

/** Git's id of a folder. `entries` in git's order, see `sortEntries`. */
export function hashTree(entries: readonly Entry[]): string {
  const parts = entries.flatMap(({ type, name, oid }) => [
    Buffer.from(`${type === 'file' ? '100644' : '40000'} ${name}\0`),
    Buffer.from(oid, 'hex'),
  ])
  return hashObject('tree', Buffer.concat(parts))
}

/** What a commit's id covers. */
export interface CommitFacts {
  tree: string
  parent?: string
  author: string
  at: Date
  message: string
}

/** Git's id of a commit. */
export function hashCommit({ tree, parent, author, at, message }: CommitFacts): string {
  const person = `${author} <${author}@users.noreply> ${Math.floor(at.getTime() / 1000)} +0000`
  const lines = [`tree ${tree}`, ...(parent ? [`parent ${parent}`] : []), `author ${person}`, `committer ${person}`, '', message]
  return hashObject('commit', Buffer.from(lines.join('\n')))
}

/** Git's order: by bytes, folders as if their name ended in a slash. */
export function sortEntries(entries: readonly Entry[]): Entry[] {
  const key = ({ type, name }: Entry) => Buffer.from(type === 'file' ? name : `${name}/`)
  return entries
    .map((entry) => ({ entry, key: key(entry) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry)
}

function pointerText(sha256: string, sizeBytes: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${sizeBytes}\n`
}

function hashObject(type: string, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex')
}
