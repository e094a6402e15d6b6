import type { ByteWriter } from 'hyparquet-writer'
import { writeIndexes } from 'hyparquet-writer/src/indexes.js'
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js'
import type { PageIndexes } from 'hyparquet-writer/src/types.js'

/**
 * Writes the page indexes of column chunks and notes their places in the chunks. The library leaves out chunks of one page; they get their offset
 * index here, so that every chunk has one and readers need no second way.
 * @see https://github.com/apache/parquet-format/blob/master/PageIndex.md
 */
export function writePageIndexes(writer: ByteWriter, indexes: readonly PageIndexes[]): void {
  writeIndexes(writer, [...indexes])
  for (const { chunk } of indexes) {
    const meta = chunk.meta_data
    if (!meta || chunk.offset_index_offset !== undefined) continue
    const dictionaryBytes = meta.dictionary_page_offset === undefined ? 0n : meta.data_page_offset - meta.dictionary_page_offset
    const offset = meta.data_page_offset
    const compressedSize = Number(meta.total_compressed_size - dictionaryBytes)
    chunk.offset_index_offset = BigInt(writer.offset)
    serializeTCompactProtocol(writer, { field_1: [{ field_1: offset, field_2: compressedSize, field_3: 0n }] })
    chunk.offset_index_length = writer.offset - Number(chunk.offset_index_offset)
  }
}
