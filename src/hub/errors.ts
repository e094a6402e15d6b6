import { AppError } from '../errors.ts'

/** An error with the protocol's own code and headers. Clients branch on `X-Error-Code`, so these codes are written as the Hub writes them. */
export class HubError extends AppError {
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(code, message, { status })
    this.headers = headers
  }
}

/** A dataset that does not exist, or that the caller may not know of: the same words for both. */
export function repoNotFound(isSignedIn: boolean): HubError {
  return new HubError(
    isSignedIn ? 404 : 401,
    'RepoNotFound',
    'Repository not found. If it is private, log in with an account that may read it.',
  )
}

/** No such branch, tag or commit. */
export function revisionNotFound(dataset: string, revision: string): HubError {
  return new HubError(
    404,
    'RevisionNotFound',
    `Dataset ${dataset} has no revision '${revision}'. Its branches and tags: /api/datasets/${dataset}/refs.`,
  )
}

/** No such file at a revision. Carries the commit, so that clients can remember that the file is not there. */
export function entryNotFound(dataset: string, path: string, commit: string): HubError {
  return new HubError(404, 'EntryNotFound', `Dataset ${dataset} has no '${path}' at ${commit}.`, { 'X-Repo-Commit': commit })
}

/** Bytes that were withdrawn for a deletion promise. */
export function entryWithdrawn(path: string, reason: string, commit: string): HubError {
  return new HubError(410, 'EntryWithdrawn', `'${path}' was withdrawn: ${reason} Use the latest revision.`, { 'X-Repo-Commit': commit })
}

/** A token or session that is not valid. */
export function invalidCredentials(): HubError {
  return new HubError(401, 'InvalidCredentials', 'Invalid credentials in Authorization header')
}

/** A route that needs an account. */
export function loginRequired(): HubError {
  return new HubError(401, 'LoginRequired', 'Log in, or send a token: Authorization: Bearer hf_…', { 'WWW-Authenticate': 'Bearer' })
}

/** Signed in, but not allowed to do this. */
export function notAllowed(message: string): HubError {
  return new HubError(403, 'Forbidden', message)
}

/** A request that cannot be understood. */
export function badRequest(message: string): HubError {
  return new HubError(400, 'BadRequest', message)
}

/** A request against the present state of things. */
export function conflict(code: string, message: string): HubError {
  return new HubError(409, code, message)
}
