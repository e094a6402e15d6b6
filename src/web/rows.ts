import { type ApiError, errorOf, type Row, type RowPage } from './api.ts'

/** Rows fetched a page at a time; the least recently wanted pages are let go. */
export interface RowCache {
  /** The row at a place of the view, or undefined while its page is on its way. */
  at(index: number): Row | undefined
  /** Fetches the pages of [first, last) that are not here. */
  want(first: number, last: number): void
  close(): void
}

const PAGE = 50
const KEPT_PAGES = 40

/** A cache over one view. `changed` is called after every page that arrived, `failed` with the first error. */
export function openRowCache(given: {
  load: (offset: number, length: number, signal: AbortSignal) => Promise<RowPage>
  changed: (page: RowPage) => void
  failed: (error: ApiError) => void
}): RowCache {
  const pages = new Map<number, Row[] | 'loading'>()
  const controller = new AbortController()
  const fetchPage = (page: number) => {
    pages.set(page, 'loading')
    given.load(page * PAGE, PAGE, controller.signal).then(
      (found) => {
        pages.set(page, found.rows)
        for (const old of pages.keys()) if (pages.size > KEPT_PAGES && old !== page) pages.delete(old)
        if (!controller.signal.aborted) given.changed(found)
      },
      (error: unknown) => {
        pages.delete(page)
        if (!controller.signal.aborted) given.failed(errorOf(error))
      },
    )
  }
  return {
    at(index) {
      const page = pages.get(Math.floor(index / PAGE))
      return page === undefined || page === 'loading' ? undefined : page[index % PAGE]
    },
    want(first, last) {
      for (let page = Math.floor(first / PAGE); page * PAGE < last; page += 1) {
        const known = pages.get(page)
        if (known === undefined) fetchPage(page)
        else if (known !== 'loading') {
          // Moved to the end: the beginning of a Map is what was wanted longest ago.
          pages.delete(page)
          pages.set(page, known)
        }
      }
    },
    close: () => controller.abort(),
  }
}
