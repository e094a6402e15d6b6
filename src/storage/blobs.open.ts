import type { Blobs } from './blobs.ts'

/** Where the files are: a folder, or `s3://bucket/prefix?endpoint=URL&region=NAME`. */
export async function openBlobs(place: string): Promise<Blobs> {
  if (place.startsWith('s3://')) return (await import('./blobs.s3.ts')).openS3(place)
  return (await import('./blobs.folder.ts')).openFolder(place)
}
