import { useEffect, useMemo, useState } from 'react'
import { dataApi, type Selection, type SplitOf } from './api.data.ts'
import type { ApiError, Feature, RowPage } from './api.ts'
import type { Field } from './ask/fields.ts'
import { type Problem, translateBox } from './ask/translate.ts'
import { isNotReady, NOT_READY_MS } from './load.ts'
import type { View } from './route.data.ts'
import { openRowCache, type RowCache } from './rows.ts'

/** What the address asks for: the box, read against the split's fields, and the condition that a link brought. */
export function selectionOf(
  view: Pick<View, 'query' | 'where' | 'orderby'>,
  fields: readonly Field[],
): { asked: Selection; problems: Problem[] } {
  const { question, problems } = translateBox(view.query, fields)
  const conditions = [view.where && question.where ? `(${view.where})` : view.where, question.where].filter((one) => one !== '')
  return { asked: { query: question.query, role: question.role, where: conditions.join(' and '), orderby: view.orderby }, problems }
}

/** The rows of a view and what is known of them. `page` is the last that arrived. */
export interface ViewRows {
  cache: RowCache
  page: RowPage | undefined
  error: ApiError | undefined
  retry: () => void
}

/** The rows of a view, a page at a time; a new view starts a new cache, and what the old one still waits for is cancelled. */
export function useRows(given: { dataset: string; split: SplitOf; asked: Selection; view: View; first: number }): ViewRows {
  const { dataset, split, asked, view, first } = given
  const key = JSON.stringify([dataset, split, asked, view.sample, view.seed])
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<{ key: string; page?: RowPage; error?: ApiError; pages: number }>({ key, pages: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for all that the loader closes over
  const cache = useMemo(() => {
    const { sample, seed } = view
    const load =
      sample === null
        ? (offset: number, length: number, signal: AbortSignal) => dataApi.rows(dataset, split, asked, offset, length, signal)
        : async (offset: number, length: number, signal: AbortSignal): Promise<RowPage> => {
            const drawn = await dataApi.sample(dataset, split, asked, Math.min(100, Math.max(1, sample)), seed ?? 0, signal)
            return { ...drawn, num_rows_total: drawn.rows.length, rows: drawn.rows.slice(offset, offset + length) }
          }
    return openRowCache({
      load,
      changed: (page) => setState((before) => ({ key, page, pages: before.pages + 1 })),
      failed: (error) => setState((before) => ({ key, error, pages: before.pages + 1 })),
    })
  }, [key, attempt])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new cache starts anew
  useEffect(() => {
    cache.want(first, first + 1)
    return () => cache.close()
  }, [cache])
  const retry = () => {
    setState({ key, pages: 0 })
    setAttempt((count) => count + 1)
  }
  const isWaiting = state.key === key && state.error !== undefined && isNotReady(state.error)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failed attempt waits once; the words stay on the page until the next answer
  useEffect(() => {
    if (!isWaiting) return
    const waiting = setTimeout(() => setAttempt((count) => count + 1), NOT_READY_MS)
    return () => clearTimeout(waiting)
  }, [isWaiting, state.pages])
  const isCurrent = state.key === key
  return { cache, retry, page: isCurrent ? state.page : undefined, error: isCurrent ? state.error : undefined }
}

/** The columns of a split. */
export async function featuresOf(dataset: string, split: SplitOf, signal: AbortSignal): Promise<Feature[]> {
  const none: Selection = { query: '', where: '', role: '', orderby: '' }
  return (await dataApi.rows(dataset, split, none, 0, 1, signal)).features
}
