/** A replacement tag that stands in a text: NAME_1, EMAIL_12. */
export interface Tag {
  start: number
  end: number
  word: string
  number: number
}

/** Finds replacement tags in texts. */
export interface TagReader {
  /** The tags in a text, in order. A text without an underscore costs one search. */
  find(text: string): Tag[]
  /** The largest number in use by tag word, over all texts of a conversation: new numbers go on above it. */
  highest(texts: readonly string[]): Map<string, number>
}

/** A reader of the tags with these words (capital letters and underscores). A tag is one wherever it stands, so that no letter beside it hides it. */
export function createTagReader(words: readonly string[]): TagReader {
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length)
  const tag = new RegExp(`(${longestFirst.join('|')})_(\\d{1,9})(?!\\d)`, 'g')
  const find = (text: string): Tag[] => {
    if (words.length === 0 || !text.includes('_')) return []
    return [...text.matchAll(tag)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      word: match[1] ?? '',
      number: Number(match[2]),
    }))
  }
  return {
    find,
    highest(texts) {
      const highest = new Map<string, number>()
      for (const text of texts) for (const { word, number } of find(text)) highest.set(word, Math.max(highest.get(word) ?? 0, number))
      return highest
    },
  }
}
