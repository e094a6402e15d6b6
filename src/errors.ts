/** What an error carries beside its message. `status` is for HTTP, `exitCode` for the shell. */
export interface ErrorDetails {
  cause?: unknown
  status?: number
  exitCode?: number
}

/**
 * Base of every error that we raise on purpose. `code` is stable and documented in docs/errors.md; the message is for people and names the
 * thing, the value and the way out.
 */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly exitCode: number

  constructor(code: string, message: string, { cause, status = 500, exitCode = 1 }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.status = status
    this.exitCode = exitCode
  }
}

/** The caller gave something unusable: HTTP 400, exit code 2. */
export class InputError extends AppError {
  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(code, message, { status: 400, exitCode: 2, ...details })
  }
}

/** A named thing does not exist: HTTP 404, exit code 3. */
export class NotFoundError extends AppError {
  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(code, message, { status: 404, exitCode: 3, ...details })
  }
}

/** The caller may not do this: HTTP 403, exit code 4. */
export class ForbiddenError extends AppError {
  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(code, message, { status: 403, exitCode: 4, ...details })
  }
}

/** Trying again later may help: HTTP 503, exit code 5. */
export class RetryableError extends AppError {
  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(code, message, { status: 503, exitCode: 5, ...details })
  }
}

/** One shard's work failed; the others' results stand and a rerun takes up this shard only. Exit code 6. */
export class ShardError extends AppError {
  readonly shard: string

  constructor(code: string, shard: string, message: string, details: ErrorDetails = {}) {
    super(code, message, { exitCode: 6, ...details })
    this.shard = shard
  }
}

/** The message of anything thrown, for log fields and for wrapping. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
