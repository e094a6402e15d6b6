import { texts } from './texts.ts'

/** What went wrong with a request: the server's status, its stable code, and its words, which name the way out. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** What was thrown as an error that a page can show: what is not the server's is the page's own failure. */
export const errorOf = (reason: unknown): ApiError => (reason instanceof ApiError ? reason : new ApiError(0, 'PageFailed', texts.failed))

/** A refusal in the hub's own words; where something in front of it refused, in ours. */
export async function refusalOf(response: Response): Promise<ApiError> {
  const words: unknown = await response.json().catch(() => undefined)
  const isOurs = typeof words === 'object' && words !== null && 'error' in words
  return new ApiError(
    response.status,
    response.headers.get('X-Error-Code') ?? '',
    isOurs ? String(words.error) : texts.refused(response.status),
  )
}

/** Why an answer could not be read as JSON: it ended early, or it is something else. */
export const unreadable = (reason: unknown): ApiError =>
  new ApiError(0, 'AnswerUnreadable', reason instanceof SyntaxError ? texts.notJson : texts.cut)
