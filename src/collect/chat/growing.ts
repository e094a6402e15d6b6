/** A text that grows piece by piece and is read from places near its end: a string that is added to is copied whole at each reading, this is not. */
export interface GrowingText {
  /** Characters (UTF-16 units). */
  readonly length: number
  add(piece: string): void
  /** What follows a place. */
  from(place: number): string
  whole(): string
}

/** An empty text. */
export function createGrowingText(): GrowingText {
  const pieces: string[] = []
  let length = 0
  return {
    get length() {
      return length
    },
    add(piece) {
      pieces.push(piece)
      length += piece.length
    },
    from(place) {
      let start = length
      let index = pieces.length
      while (index > 0 && start > place) {
        index--
        start -= pieces[index]?.length ?? 0
      }
      return pieces
        .slice(index)
        .join('')
        .slice(Math.max(0, place - start))
    },
    whole: () => pieces.join(''),
  }
}
