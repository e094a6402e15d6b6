/** Browsers cut elements off at about 33 million pixels (Chromium) or 17 million (Firefox); taller tables are scrolled at a scale. */
export const MAX_HEIGHT = 15_000_000

/** Which rows of a tall table to draw, and where. `top`: pixels from the start of the scrolled element to row `first`. */
export interface RowWindow {
  first: number
  last: number
  top: number
  height: number
}

/**
 * The rows seen at a scroll position. Below MAX_HEIGHT a pixel is a pixel; above, the position is a share of the table, so a million rows of any
 * height are reached, and drawn rows stay `rowHeight` tall. `last` is exclusive; `spare` rows are drawn beyond both edges.
 */
export function windowAt(given: { scrollTop: number; viewHeight: number; rowHeight: number; rows: number; spare: number }): RowWindow {
  const { viewHeight, rowHeight, rows, spare } = given
  const full = rows * rowHeight
  const height = Math.min(full, MAX_HEIGHT)
  const scrollTop = Math.max(0, Math.min(given.scrollTop, Math.max(0, height - viewHeight)))
  const share = height <= viewHeight ? 0 : scrollTop / (height - viewHeight)
  const position = full <= MAX_HEIGHT ? scrollTop : share * Math.max(0, full - viewHeight)
  const seen = Math.floor(position / rowHeight)
  const first = Math.max(0, seen - spare)
  const last = Math.min(rows, seen + Math.ceil(viewHeight / rowHeight) + 1 + spare)
  return { first, last, height, top: scrollTop - (position - first * rowHeight) }
}

/** The scroll position that brings a row to the top of the view. */
export function scrollTopOf(row: number, given: { viewHeight: number; rowHeight: number; rows: number }): number {
  const full = given.rows * given.rowHeight
  const position = Math.min(row * given.rowHeight, Math.max(0, full - given.viewHeight))
  if (full <= MAX_HEIGHT) return position
  return (position / (full - given.viewHeight)) * (MAX_HEIGHT - given.viewHeight)
}
