import { AppError } from '../errors.ts'

/** An error of the site's API with its HTTP status; `retryAfter` in seconds where waiting helps. */
export class SiteError extends AppError {
  readonly retryAfter: number | undefined

  constructor(status: number, code: string, message: string, { retryAfter, cause }: { retryAfter?: number; cause?: unknown } = {}) {
    super(code, message, { status, ...(cause === undefined ? {} : { cause }) })
    this.retryAfter = retryAfter
  }
}
