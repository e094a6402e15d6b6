import type { JsonRow } from './rows.ts'

/** A value that rows are filtered and sorted by. */
export type Facet = string | number | null

/**
 * What rows can be filtered by: scalar columns as they are, `x.length` of lists and `x.y` of structs; of lists of structs the largest value of each
 * numeric or boolean leaf, so that `openai_moderation.flagged` is 1 where any message is flagged and `openai_moderation.category_scores.hate` is the
 * highest score in the conversation. Booleans are 0 and 1.
 */
export function facetsOf(row: JsonRow): Map<string, Facet> {
  const facets = new Map<string, Facet>()
  for (const [name, value] of Object.entries(row)) addFacet(facets, name, value)
  return facets
}

function addFacet(facets: Map<string, Facet>, name: string, value: unknown): void {
  if (value === null || value === undefined) return
  if (typeof value === 'boolean') facets.set(name, Number(value))
  else if (typeof value === 'number') facets.set(name, value)
  // Long texts are for the search; sorting and comparing by their beginnings is enough.
  else if (typeof value === 'string') facets.set(name, value.slice(0, 500))
  else if (Array.isArray(value)) {
    facets.set(`${name}.length`, value.length)
    for (const item of value) if (typeof item === 'object' && item !== null && !Array.isArray(item)) addLargest(facets, name, item)
  } else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) addFacet(facets, `${name}.${key}`, inner)
  }
}

function addLargest(facets: Map<string, Facet>, name: string, item: object): void {
  for (const [key, value] of Object.entries(item)) {
    const path = `${name}.${key}`
    const number = typeof value === 'boolean' ? Number(value) : value
    if (typeof number === 'number') {
      const before = facets.get(path)
      if (typeof before !== 'number' || number > before) facets.set(path, number)
    } else if (typeof number === 'object' && number !== null && !Array.isArray(number)) addLargest(facets, path, number)
  }
}

/** The texts of a row by who speaks: messages of its conversation columns, and other texts as `other`. */
export function textsByRole(row: JsonRow): { user: string; assistant: string; other: string } {
  const texts = { user: '', assistant: '', other: '' }
  for (const { role, content } of messagesOf(row)) {
    const key = role === 'user' || role === 'assistant' ? role : 'other'
    texts[key] += `${content}\n`
  }
  return texts
}

/** The texts of a row with their column, their place in its list (−1 outside lists) and their speaker. */
export function messagesOf(row: JsonRow): { column: string; index: number; role: string; content: string }[] {
  return Object.entries(row).flatMap(([column, value]) => {
    if (typeof value === 'string') return [{ column, index: -1, role: 'other', content: value }]
    if (!Array.isArray(value)) return []
    return value.flatMap((item: unknown, index) => {
      if (typeof item === 'string') return [{ column, index, role: 'other', content: item }]
      if (typeof item !== 'object' || item === null || !('content' in item) || typeof item.content !== 'string') return []
      return [{ column, index, role: 'role' in item && typeof item.role === 'string' ? item.role : 'other', content: item.content }]
    })
  })
}
