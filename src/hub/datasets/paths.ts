import { badRequest } from '../errors.ts'

/**
 * A file's path inside a dataset, as people may name it.
 * @throws HubError 400 `BadRequest` for paths that are absolute, climb, hide git's own folder, or carry control characters.
 */
export function checkPath(path: string): string {
  const segments = path.split('/')
  const isFine =
    path.length > 0 &&
    path.length <= 1024 &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses.
    !/[\u0000-\u001f\u007f\\\ufffd]/.test(path) &&
    !/\p{Cs}/u.test(path) &&
    segments.every((name) => name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= 255) &&
    segments[0]?.toLowerCase() !== '.git'
  if (!isFine)
    throw badRequest(
      `'${path.slice(0, 200)}' is not a path for a file: relative, with / between names, without '..' and control characters.`,
    )
  return path
}

/**
 * The part of a URL's raw path behind a prefix of `skip` segments, decoded segment by segment. Clients encode differently: one sends
 * `tree/refs%2Fconvert%2Fparquet`, another `tree/refs/convert/parquet`; decoded segments may therefore hold slashes.
 * @throws HubError 400 `BadRequest` for percent signs that encode nothing.
 */
export function decodeSegments(rawPath: string, skip: number): string[] {
  const segments = rawPath.split('/').slice(1 + skip)
  try {
    return segments.map((segment) => decodeURIComponent(segment)).filter((segment) => segment !== '')
  } catch {
    throw badRequest('The address has a % that encodes no character. Encode it as %25.')
  }
}

/** A path for a URL: each segment encoded, slashes kept. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
