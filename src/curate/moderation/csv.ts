/** Reads CSV in pieces: quotes, doubled quotes, line breaks inside quotes. `push` gives the rows that a piece completes, `end` the last one. */
export interface CsvReader {
  push(piece: string): string[][]
  end(): string[][]
}

/** Opens a reader for fields parted by `separator`. */
export function createCsvReader(separator: string): CsvReader {
  let row: string[] = []
  let field = ''
  let isQuoted = false
  let afterQuote = false
  const endField = () => {
    row.push(field)
    field = ''
    afterQuote = false
  }
  return {
    push(piece) {
      const rows: string[][] = []
      for (const character of piece) {
        if (isQuoted) {
          if (character === '"') {
            isQuoted = false
            afterQuote = true
          } else field += character
        } else if (character === '"' && afterQuote) {
          // A doubled quote, or one across two pieces.
          field += '"'
          isQuoted = true
          afterQuote = false
        } else if (character === '"' && field === '') isQuoted = true
        else if (character === separator) endField()
        else if (character === '\n') {
          if (!afterQuote) field = field.replace(/\r$/, '')
          endField()
          rows.push(row)
          row = []
        } else if (character !== '\r' || !afterQuote) field += character
      }
      return rows
    },
    end() {
      if (field === '' && row.length === 0 && !afterQuote) return []
      endField()
      const last = row
      row = []
      return [last]
    },
  }
}

/** Records by column name of a stream of text; the first row names the columns. The separator is the one that the first line has most of. */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncIterable<Record<string, string>> {
  let head: string[] | undefined
  let reader: CsvReader | undefined
  let begun = ''
  const toRecords = (rows: string[][]) =>
    rows.flatMap((row) => {
      if (head !== undefined) return [Object.fromEntries(head.map((name, at) => [name, row[at] ?? '']))]
      head = row
      return []
    })
  for await (const piece of pieces) {
    if (reader === undefined) {
      begun += piece
      if (!begun.includes('\n')) continue
    }
    const text = reader === undefined ? begun.replace(/^\ufeff/, '') : piece
    reader ??= createCsvReader(separatorOf(text))
    yield* toRecords(reader.push(text))
  }
  if (reader === undefined && begun !== '') {
    reader = createCsvReader(separatorOf(begun))
    yield* toRecords(reader.push(begun))
  }
  if (reader !== undefined) yield* toRecords(reader.end())
}

function separatorOf(text: string): string {
  const [line = ''] = text.split('\n', 1)
  const count = (character: string) => line.split(character).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best), ',')
}
