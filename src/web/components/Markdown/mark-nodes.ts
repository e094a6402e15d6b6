import { type KnownTags, markText } from '../../marks.ts'

interface Node {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: Node[]
}

/** A rehype step: wraps replacement tags, search hits and hidden characters of all text outside code and maths in `mark` elements. */
export function markNodes({ hits, known }: { hits: readonly string[]; known: KnownTags | undefined }) {
  const visit = (node: Node): void => {
    if (!node.children || isLeftAlone(node)) return
    node.children = node.children.flatMap((child) => {
      if (child.type !== 'text') {
        visit(child)
        return [child]
      }
      return markText(child.value ?? '', hits, known).map((stretch): Node => {
        const text = { type: 'text', value: stretch.text }
        if (stretch.kind === 'plain') return text
        const title = stretch.label ? { title: `replaced: ${stretch.label}` } : {}
        return { type: 'element', tagName: 'mark', properties: { 'data-kind': stretch.kind, ...title }, children: [text] }
      })
    })
  }
  return visit
}

function isLeftAlone({ tagName, properties }: Node): boolean {
  const names = properties?.className
  return tagName === 'pre' || (Array.isArray(names) && names.some((name) => String(name).startsWith('katex')))
}
