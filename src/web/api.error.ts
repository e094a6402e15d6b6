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

/** What was thrown as an error that a page can show; `words` say it where it is not the server's, but the page's own failure. */
export const errorOf = (reason: unknown, words = ''): ApiError =>
  reason instanceof ApiError ? reason : new ApiError(0, 'PageFailed', words)
