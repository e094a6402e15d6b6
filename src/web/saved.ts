import { openKept } from './kept.ts'

/** A search that somebody gave a name: the dataset, and the address of the view behind it. */
export interface SavedSearch {
  dataset: string
  name: string
  href: string
}

/** The searches saved in this browser, newest first: of people without an account, or from before they had one. Addresses that are not of this site's datasets are not read back. */
export const savedSearches = openKept<SavedSearch>(
  'colloquy.searches',
  (value) => {
    if (typeof value !== 'object' || value === null || !('dataset' in value && 'name' in value && 'href' in value)) return undefined
    const { dataset, name, href } = value
    if (typeof dataset !== 'string' || typeof name !== 'string' || typeof href !== 'string') return undefined
    return href.startsWith(`/datasets/${dataset}/`) ? { dataset, name, href } : undefined
  },
  200,
)
