import type { AsyncBuffer, DecodedArray, FileMetaData, RowGroup } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { convert, convertWithDictionary, DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { decompressPage, readDataPageV2 } from 'hyparquet/src/datapage.js'
import { parquetSchema } from 'hyparquet/src/metadata.js'
import { readPlain } from 'hyparquet/src/plain.js'
import { getTreePath } from 'hyparquet/src/schema.js'
import { compressors } from 'hyparquet-compressors'
import { append } from '../append.ts'

/** One leaf column of a row group as it is stored: a level pair for every place, a value for every place of the highest definition level. */
export interface Leaf {
  definitionLevels: readonly number[]
  repetitionLevels: readonly number[]
  values: DecodedArray
}

/**
 * Reads a leaf column without assembling it into lists and structs, which costs an object for every value. Undefined where a page is of a kind that
 * this reader does not know (data page version 1): read the column as rows then.
 */
export async function readLeaf(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  path: readonly string[],
): Promise<Leaf | undefined> {
  const meta = group.columns.find((chunk) => chunk.meta_data?.path_in_schema.join('\0') === path.join('\0'))?.meta_data
  if (!meta) return undefined
  const schemaPath = getTreePath(parquetSchema(metadata), [...path])
  const element = schemaPath.at(-1)?.element
  if (!element) return undefined
  const decoder = {
    pathInSchema: [...path],
    type: meta.type,
    element,
    schemaPath,
    codec: meta.codec,
    parsers: DEFAULT_PARSERS,
    compressors,
  }
  const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset)
  const buffer = await file.slice(start, start + Number(meta.total_compressed_size))
  const reader = { view: new DataView(buffer), offset: 0 }
  const leaf = { definitionLevels: [] as number[], repetitionLevels: [] as number[], values: [] as unknown[] }
  let dictionary: DecodedArray | undefined
  while (reader.offset < buffer.byteLength) {
    const header = parquetHeader(reader)
    const bytes = new Uint8Array(buffer, reader.offset, header.compressed_page_size)
    reader.offset += header.compressed_page_size
    if (header.type === 'DICTIONARY_PAGE' && header.dictionary_page_header) {
      const page = decompressPage(bytes, header.uncompressed_page_size, meta.codec, compressors)
      const pageReader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 }
      dictionary = convert(readPlain(pageReader, meta.type, header.dictionary_page_header.num_values, element.type_length), decoder)
    } else if (header.type === 'DATA_PAGE_V2' && header.data_page_header_v2) {
      const { definitionLevels, repetitionLevels, dataPage } = readDataPageV2(bytes, header, decoder)
      append(leaf.definitionLevels, definitionLevels ?? [])
      append(leaf.repetitionLevels, repetitionLevels)
      append(leaf.values, convertWithDictionary(dataPage, dictionary, header.data_page_header_v2.encoding, decoder))
    } else return undefined
  }
  return leaf
}
