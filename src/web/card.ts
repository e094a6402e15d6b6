/** The text of a card behind its YAML head, and the head itself. */
export function splitCard(content: string): { head: string; text: string } {
  const normal = content.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n')
  const match = /^---\n([\s\S]*?)\n?---[ \t]*(?:\n|$)/.exec(normal)
  return match ? { head: match[1] ?? '', text: normal.slice(match[0].length).replace(/<!--[\s\S]*?-->/g, '') } : { head: '', text: normal }
}

/**
 * Where a link or picture of a card leads. Relative ones go to the dataset's own files; http, https and mailto stay; everything else, such as
 * `javascript:` and `data:`, is taken away (an empty text).
 */
export function cardUrl(url: string, dataset: string, revision: string): string {
  const trimmed = url.trim()
  if (/^(https?:\/\/|mailto:|#)/i.test(trimmed)) return trimmed
  if (/^[/\\]/.test(trimmed) || /^[^/?#]*:/.test(trimmed) || trimmed.includes('..')) return ''
  const path = trimmed.replace(/^\.\//, '')
  return path === '' ? '' : `/datasets/${dataset}/resolve/${revision}/${path}`
}

/** A link of a conversation: http, https and mailto only, an empty text for all else. */
export const chatUrl = (url: string): string => (/^(https?:\/\/|mailto:)/i.test(url.trim()) ? url.trim() : '')
