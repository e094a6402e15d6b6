import { type Ref, useRef } from 'react'
import { sqlTokens } from '../../sql/tokens.ts'
import { texts } from '../../texts.data.ts'
import styles from './SqlEditor.module.css'

/** A plain text box with colours behind it: the box has the caret, the selection and the keys; the coloured copy lies under it, letter on letter. */
export function SqlEditor(given: { sql: string; change: (sql: string) => void; run: () => void; box: Ref<HTMLTextAreaElement> }) {
  const { sql, change, run, box } = given
  const copy = useRef<HTMLPreElement>(null)
  const lines = Math.min(24, Math.max(8, sql.split('\n').length + 1))
  return (
    <div className={styles.editor} dir="ltr">
      <pre className={styles.copy} ref={copy} aria-hidden="true">
        {sqlTokens(sql).map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity than their place
          <span key={index} data-kind={kind}>
            {text}
          </span>
        ))}
        {'\n '}
      </pre>
      <textarea
        ref={box}
        className={styles.box}
        aria-label={texts.sql.editor}
        rows={lines}
        value={sql}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        onChange={({ target }) => change(target.value)}
        onScroll={({ currentTarget }) => {
          if (!copy.current) return
          copy.current.scrollTop = currentTarget.scrollTop
          copy.current.scrollLeft = currentTarget.scrollLeft
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          run()
        }}
      />
    </div>
  )
}
