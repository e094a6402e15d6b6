import type { Dataset } from './api.shapes.ts'
import { datasetHref } from './route.ts'

/**
 * A BibTeX entry for a dataset that has no numbered version: the one that its card holds, else one made of what is known, with the address of exactly
 * this revision. Braces and backslashes of strangers' titles are escaped.
 */
export function citationOf(info: Dataset, given: { card: string; origin: string }): string {
  const own = /^```+\s*bibtex\s*\n([\s\S]*?)^```+\s*$/m.exec(given.card)?.[1]
  if (own) return own.trim()
  const [namespace = '', name = ''] = info.id.split('/')
  const fields = [
    ['title', info.description || info.id],
    ['author', `{${escapeTex(namespace)}}`],
    ['year', info.lastModified.slice(0, 4)],
    ['version', info.sha.slice(0, 7)],
    ['url', `${given.origin}${datasetHref(info.id, info.sha)}`],
  ]
  const key = `${name.replace(/\W+/g, '-').toLowerCase()}-${info.sha.slice(0, 7)}`
  return `@misc{${key},\n${fields.map(([field, value = '']) => `  ${field} = {${field === 'title' ? escapeTex(value) : value}}`).join(',\n')}\n}`
}

function escapeTex(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\{}]/g, (letter) => (letter === '\\' ? '\\textbackslash ' : `\\${letter}`))
    .replace(/[#$%&_]/g, '\\$&')
}
