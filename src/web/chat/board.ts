import type { Board, Place } from '../api.chat.shapes.ts'
import { texts } from '../texts.chat.ts'

/** A cell of a heat map: its words, what it says in full, and how strong its colour is, −1 to 1; null where there is nothing. */
export interface Cell {
  words: string
  title: string
  strength: number
}

/** A row of a heat map. */
export interface HeatRow {
  name: string
  cells: (Cell | null)[]
}

/** Shares of won votes of rows against columns, of votes that were no tie; 50 % has no colour. */
export function winRows({ matrix }: Pick<Board, 'matrix'>): HeatRow[] {
  return heat(matrix, (won, lost) => {
    if (won + lost === 0) return null
    const share = won / (won + lost)
    return { words: String(Math.round(share * 100)), title: texts.board.wonLost(won, lost), strength: (share - 0.5) * 2 }
  })
}

/** Votes on each pair, ties counted in; the most voted pair has the strongest colour. */
export function countRows({ matrix }: Pick<Board, 'matrix'>): HeatRow[] {
  const votesOf = (row: number, column: number) =>
    (matrix.wins[row]?.[column] ?? 0) + (matrix.wins[column]?.[row] ?? 0) + (matrix.ties[row]?.[column] ?? 0)
  const most = Math.max(
    1,
    ...matrix.models.flatMap((_, row) => matrix.models.map((__, column) => (row === column ? 0 : votesOf(row, column)))),
  )
  return heat(matrix, (won, lost, tied) => {
    const votes = won + lost + tied
    return votes === 0 ? null : { words: String(votes), title: texts.board.votesTied(votes, tied), strength: votes / most }
  })
}

function heat({ models, wins, ties }: Board['matrix'], cellOf: (won: number, lost: number, tied: number) => Cell | null): HeatRow[] {
  return models.map((name, row) => ({
    name,
    cells: models.map((other, column) => {
      if (row === column) return null
      const cell = cellOf(wins[row]?.[column] ?? 0, wins[column]?.[row] ?? 0, ties[row]?.[column] ?? 0)
      return cell && { ...cell, title: `${name} – ${other}: ${cell.title}` }
    }),
  }))
}

/** Where a place's rating and interval lie on a common line, in per cent of its length; intervals of few votes are cut at its ends. */
export function spanOf({ rating, low, high }: Place, places: readonly Place[]): { left: number; right: number; point: number } {
  const ratings = places.map((place) => place.rating)
  const room = Math.max(50, (Math.max(...ratings) - Math.min(...ratings)) * 0.35)
  const from = Math.min(...ratings) - room
  const to = Math.max(...ratings) + room
  const at = (value: number) => Math.min(100, Math.max(0, ((value - from) / (to - from)) * 100))
  return { left: at(low), right: at(high), point: at(rating) }
}

/** `2`, or `2–4` where the data allow more than one place. */
export const rankWords = ({ rank, worstRank }: Place): string => (rank === worstRank ? String(rank) : `${rank}–${worstRank}`)

/** Days without a gap from the first to the last, at most the last `most`. */
export function fillDays(byDay: Board['byDay'], most = 120): Board['byDay'] {
  const counts = new Map(byDay.map(({ day, votes }) => [day, votes]))
  const last = byDay.at(-1)
  const first = byDay[0]
  if (!first || !last) return []
  const dayMs = 86_400_000
  const to = Date.parse(last.day)
  const from = Math.max(Date.parse(first.day), to - (most - 1) * dayMs)
  return Array.from({ length: Math.round((to - from) / dayMs) + 1 }, (_, index) => {
    const day = new Date(from + index * dayMs).toISOString().slice(0, 10)
    return { day, votes: counts.get(day) ?? 0 }
  })
}
