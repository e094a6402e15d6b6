import type { ComponentProps } from 'react'
import type ReactMarkdown from 'react-markdown'
import 'katex/dist/katex.min.css'
import rehypeKatex from 'rehype-katex'
import remarkMath from 'remark-math'

type Plugins = NonNullable<ComponentProps<typeof ReactMarkdown>['rehypePlugins']>

/** Finds maths in Markdown; a single dollar is money. */
export const remark: Plugins = [[remarkMath, { singleDollarTextMath: false }]]

/** Draws maths. `trust` off: no links, no HTML; sizes and expansions are bounded, since a formula of a stranger must not take the page down. */
export const rehype: Plugins = [
  [rehypeKatex, { trust: false, strict: 'ignore', maxSize: 20, maxExpand: 200, throwOnError: false, errorColor: 'currentColor' }],
]
