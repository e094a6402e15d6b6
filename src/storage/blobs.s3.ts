import { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { InputError, NotFoundError } from '../errors.ts'
import { type Blobs, checkName } from './blobs.ts'

/** S3 takes at most 10,000 parts, so parts of 16 MiB carry files up to 156 GiB. */
const PART_BYTES = 16 * 1024 * 1024

/**
 * A bucket of any S3-compatible store: `s3://bucket/prefix?endpoint=http://host:9000&region=eu-1`. Keys come from the environment as the AWS SDK
 * reads them (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, profiles, instance roles). An object exists only once its upload is complete.
 * @throws InputError `s3-url-invalid`.
 */
export function openS3(place: string, credentials?: { accessKeyId: string; secretAccessKey: string }): Blobs {
  const url = new URL(place)
  const bucket = url.hostname
  if (!bucket) throw new InputError('s3-url-invalid', `'${place}' names no bucket. Write s3://bucket/prefix?endpoint=URL&region=NAME.`)
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  const endpoint = url.searchParams.get('endpoint')
  const client = new S3Client({
    region: url.searchParams.get('region') ?? 'us-east-1',
    // Other makers' stores seldom know virtual hosts or the newer trailing checksums; we check SHA-256 ourselves.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(credentials ? { credentials } : {}),
  })
  const at = (name: string) => {
    checkName(name)
    return { Bucket: bucket, Key: prefix ? `${prefix}/${name}` : name }
  }
  return {
    async size(name) {
      try {
        return (await client.send(new HeadObjectCommand(at(name)))).ContentLength ?? 0
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    read(name, start = 0, end) {
      return readObject(client, at(name), start, end)
    },
    async write(name, chunks) {
      const body = Readable.from(chunks, { objectMode: false })
      await new Upload({ client, params: { ...at(name), Body: body }, partSize: PART_BYTES, queueSize: 2, leavePartsOnError: false }).done()
    },
    async remove(name) {
      await client.send(new DeleteObjectCommand(at(name)))
    },
  }
}

async function* readObject(
  client: S3Client,
  object: { Bucket: string; Key: string },
  start: number,
  end: number | undefined,
): AsyncIterable<Uint8Array> {
  if (end !== undefined && end <= start) return
  // S3 refuses a range on an empty object, so the whole is asked for without one.
  const range = start === 0 && end === undefined ? {} : { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` }
  try {
    const { Body } = await client.send(new GetObjectCommand({ ...object, ...range }))
    if (Body instanceof Readable) yield* Body
  } catch (error) {
    if (isMissing(error))
      throw new NotFoundError('blob-missing', `The file store has no '${object.Key}'. Restore it from a backup.`, { cause: error })
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && ['NotFound', 'NoSuchKey'].includes(error.name)
}
