import type { Dataset } from '../../api.ts'
import { citationOf } from '../../cite.ts'
import { Copy } from '../../components/Copy/Copy.tsx'
import { texts } from '../../texts.desk.ts'
import styles from '../Dataset.module.css'

/** How to cite exactly this version. */
export function Citation({ info, card }: { info: Dataset; card: string }) {
  const text = citationOf(info, { card, origin: location.origin })
  return (
    <section aria-labelledby="cite">
      <h2 id="cite">{texts.dataset.citation}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.cite} tabIndex={0} dir="ltr">
        {text}
      </pre>
      <Copy text={text} label={texts.dataset.bibtex} />
    </section>
  )
}
