import { useState } from 'react'
import { type ApiError, errorOf } from './api.ts'

/** Something that the server is asked to change: whether it is at it, what went wrong, and the words that say it is done. */
export interface Act {
  isBusy: boolean
  error: ApiError | undefined
  said: string
  /** Runs one change; resolves to whether it succeeded. */
  run(change: () => Promise<string>): Promise<boolean>
}

/** Runs changes one at a time and remembers how the last one ended. */
export function useAct(): Act {
  const [state, setState] = useState<{ isBusy: boolean; error: ApiError | undefined; said: string }>({
    isBusy: false,
    error: undefined,
    said: '',
  })
  const run = async (change: () => Promise<string>) => {
    setState({ isBusy: true, error: undefined, said: '' })
    try {
      setState({ isBusy: false, error: undefined, said: await change() })
      return true
    } catch (reason) {
      const error = errorOf(reason)
      setState({ isBusy: false, error, said: '' })
      return false
    }
  }
  return { ...state, run }
}

/** The text of a form's field; an empty text where it is not filled in. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** The end of a day (`YYYY-MM-DD`) where the reader is, as an ISO 8601 time; undefined for no day. */
export function endOfDay(day: string): string | undefined {
  const end = new Date(`${day}T23:59:59`)
  return day === '' || Number.isNaN(end.getTime()) ? undefined : end.toISOString()
}
