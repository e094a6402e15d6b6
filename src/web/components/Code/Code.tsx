import { Fragment, useEffect, useState } from 'react'
import { Copy } from '../Copy/Copy.tsx'
import styles from './Code.module.css'
import type { CodeLine } from './highlight.ts'

/** Longer code is shown without colours: the highlighter's rules take seconds on it. */
const MAX_LENGTH = 20_000

/** A block of code with its language, a copy button, and colours once the highlighter is loaded. */
export function Code({ text, language }: { text: string; language: string }) {
  const [lines, setLines] = useState<CodeLine[]>()
  useEffect(() => {
    setLines(undefined)
    if (!language || text.length > MAX_LENGTH) return
    let isHere = true
    import('./highlight.ts')
      .then(({ highlight }) => highlight(text, language))
      .then(
        (found) => isHere && setLines(found),
        () => undefined,
      )
    return () => {
      isHere = false
    }
  }, [text, language])
  return (
    <div className={styles.block} dir="ltr">
      <div className={styles.head}>
        <span>{language || 'text'}</span>
        <Copy text={text} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.code} tabIndex={0}>
        <code>{lines ? lines.map(drawLine) : text}</code>
      </pre>
    </div>
  )
}

function drawLine(line: CodeLine, index: number) {
  return (
    <Fragment key={index}>
      {index > 0 && '\n'}
      {line.map(({ text, light, dark }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other identity than their place
        <span key={place} className={styles.token} style={{ '--light': light, '--dark': dark }}>
          {text}
        </span>
      ))}
    </Fragment>
  )
}
