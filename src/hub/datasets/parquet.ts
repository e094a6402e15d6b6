import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync } from 'hyparquet'
import { contentName } from '../../storage/blobs.ts'
import type { Hub } from '../hub.ts'
import type { FileEntry } from './git.ts'

/** A stored Parquet file for random reads. */
export function parquetBuffer(hub: Hub, file: Pick<FileEntry, 'sha256' | 'sizeBytes'>): AsyncBuffer {
  return {
    byteLength: file.sizeBytes,
    async slice(start, end = file.sizeBytes) {
      const from = start < 0 ? file.sizeBytes + start : start
      const chunks: Uint8Array[] = []
      for await (const chunk of hub.blobs.read(contentName(file.sha256), from, end)) chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    },
  }
}

/** The footer of a stored Parquet file. */
export function readFooter(hub: Hub, file: Pick<FileEntry, 'sha256' | 'sizeBytes'>): Promise<FileMetaData> {
  return parquetMetadataAsync(parquetBuffer(hub, file))
}
