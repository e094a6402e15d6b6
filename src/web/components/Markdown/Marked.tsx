import { Fragment } from 'react'
import { type KnownTags, markText } from '../../marks.ts'

/** A text with replacement tags, search hits and hidden characters made visible. */
export function Marked({ text, hits, known }: { text: string; hits: readonly string[]; known?: KnownTags }) {
  return markText(text, hits, known).map((stretch, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no other identity than their place
    if (stretch.kind === 'plain') return <Fragment key={index}>{stretch.text}</Fragment>
    const title = stretch.kind === 'tag' ? `replaced: ${stretch.label}` : undefined
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <mark key={index} data-kind={stretch.kind} title={title}>
        {stretch.text}
      </mark>
    )
  })
}
