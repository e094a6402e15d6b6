import { createHmac, timingSafeEqual } from 'node:crypto'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'

/** Permission to put one file of one dataset, by one account, within an hour. */
export interface Upload {
  dataset: string
  sha256: string
  sizeBytes: number
  actor: string
}

const VALID_MS = 60 * 60 * 1000

/** The query that turns an upload's address into its own permission. */
export function signUpload(hub: Hub, upload: Upload): string {
  const expires = hub.now().getTime() + VALID_MS
  const query = new URLSearchParams({
    size: String(upload.sizeBytes),
    actor: upload.actor,
    expires: String(expires),
    signature: signatureOf(hub, upload, expires),
  })
  return query.toString()
}

/** @throws HubError 403 `SignatureInvalid` when the address was changed or its hour is over. */
export function checkUpload(hub: Hub, given: { dataset: string; sha256: string; query: Readonly<Record<string, string>> }): Upload {
  const { size = '', actor = '', expires = '', signature = '' } = given.query
  const upload: Upload = { dataset: given.dataset, sha256: given.sha256, sizeBytes: Number(size), actor }
  const expected = Buffer.from(signatureOf(hub, upload, Number(expires)))
  const seen = Buffer.from(signature)
  const isRight = seen.length === expected.length && timingSafeEqual(seen, expected)
  if (!isRight || !(Number(expires) > hub.now().getTime())) {
    throw new HubError(403, 'SignatureInvalid', 'This upload address is not valid, or its hour is over. Start the upload again.')
  }
  return upload
}

function signatureOf(hub: Hub, { dataset, sha256, sizeBytes, actor }: Upload, expires: number): string {
  return createHmac('sha256', hub.signingKey)
    .update(JSON.stringify(['upload', dataset, sha256, sizeBytes, actor, expires]))
    .digest('hex')
}
