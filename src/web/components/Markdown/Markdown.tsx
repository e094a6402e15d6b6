import { type ComponentProps, useEffect, useMemo, useState } from 'react'
import ReactMarkdown, { type Components } from 'react-markdown'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { type KnownTags, mayHoldMaths } from '../../marks.ts'
import { Code } from '../Code/Code.tsx'
import styles from './Markdown.module.css'
import { markNodes } from './mark-nodes.ts'

type Plugins = NonNullable<ComponentProps<typeof ReactMarkdown>['rehypePlugins']>

/**
 * Untrusted Markdown as elements. HTML in it is shown as text; elements and attributes come from a fixed list; links pass `urlOf`, which returns an
 * empty text for what must not be a link; pictures are drawn only where `hasPictures`, since a picture elsewhere tells its server who reads.
 */
export default function Markdown(given: {
  text: string
  hits?: readonly string[]
  known?: KnownTags
  urlOf: (url: string) => string
  hasPictures: boolean
}) {
  const { text, hits = [], known, urlOf, hasPictures } = given
  const maths = useMaths(mayHoldMaths(text))
  const components = useMemo((): Components => ({ ...parts, img: pictureOf(hasPictures) }), [hasPictures])
  return (
    <div className={styles.markdown}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm, ...maths.remark]}
        rehypePlugins={[rehypeShowHtml, [rehypeSanitize, schema], ...maths.rehype, [markNodes, { hits, known }]]}
        urlTransform={urlOf}
        components={components}
        remarkRehypeOptions={{ allowDangerousHtml: true }}
      >
        {text}
      </ReactMarkdown>
    </div>
  )
}

const schema = {
  ...defaultSchema,
  attributes: { ...defaultSchema.attributes, code: [['className', /^language-./, 'math-inline', 'math-display']] },
} satisfies typeof defaultSchema

interface Node {
  type: string
  value?: string
  children?: Node[]
}

/** HTML in a message is what somebody wrote: shown as it stands, letter for letter, neither run nor dropped. */
function rehypeShowHtml() {
  const visit = (node: Node): void => {
    if (node.type === 'raw') node.type = 'text'
    for (const child of node.children ?? []) visit(child)
  }
  return visit
}

const parts: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} rel="noopener noreferrer nofollow ugc" target={href.startsWith('#') ? undefined : '_blank'} title={href}>
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  pre: ({ children }) => children,
  code: ({ className, children }) => {
    const text = String(children ?? '')
    const language = /language-(\S+)/.exec(className ?? '')?.[1]
    return language || text.includes('\n') ? <Code text={text.replace(/\n$/, '')} language={language ?? ''} /> : <code>{children}</code>
  },
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.wide} tabIndex={0}>
      <table dir="auto">{children}</table>
    </div>
  ),
  // Every block takes its own direction from its own first letter: an answer may quote Arabic in English, or the other way round.
  p: ({ children }) => <p dir="auto">{children}</p>,
  ul: ({ children }) => <ul dir="auto">{children}</ul>,
  ol: ({ children, start }) => (
    <ol dir="auto" start={start}>
      {children}
    </ol>
  ),
  li: ({ children, className }) => (
    <li dir="auto" className={className}>
      {children}
    </li>
  ),
  blockquote: ({ children }) => <blockquote dir="auto">{children}</blockquote>,
  td: ({ children }) => <td dir="auto">{children}</td>,
  // A corner without words heads nothing.
  th: ({ children }) => (children ? <th dir="auto">{children}</th> : <td />),
  h1: ({ children }) => <h3 dir="auto">{children}</h3>,
  h2: ({ children }) => <h4 dir="auto">{children}</h4>,
  h3: ({ children }) => <h5 dir="auto">{children}</h5>,
  h4: ({ children }) => <h6 dir="auto">{children}</h6>,
  h5: ({ children }) => <h6 dir="auto">{children}</h6>,
  h6: ({ children }) => <h6 dir="auto">{children}</h6>,
}

function pictureOf(hasPictures: boolean): NonNullable<Components['img']> {
  return ({ src, alt }) => {
    if (hasPictures && typeof src === 'string' && src.startsWith('/')) return <img src={src} alt={alt ?? ''} loading="lazy" />
    return (
      <span className="quiet">
        [picture: {alt || 'no description'}
        {typeof src === 'string' && src ? `, ${src}` : ''}]
      </span>
    )
  }
}

/** The parts for maths, loaded when a text first needs them. */
function useMaths(isWanted: boolean): { remark: Plugins; rehype: Plugins } {
  const [plugins, setPlugins] = useState<{ remark: Plugins; rehype: Plugins }>({ remark: [], rehype: [] })
  useEffect(() => {
    if (!isWanted) return
    let isHere = true
    import('./maths.ts').then(
      (loaded) => isHere && setPlugins({ remark: loaded.remark, rehype: loaded.rehype }),
      () => undefined,
    )
    return () => {
      isHere = false
    }
  }, [isWanted])
  return plugins
}
