import type { Version } from '../../api.desk.ts'
import type { Dataset } from '../../api.ts'
import { citationOf } from '../../cite.ts'
import { Copy } from '../../components/Copy/Copy.tsx'
import { texts } from '../../texts.desk.ts'
import styles from '../Dataset.module.css'

/** How to cite exactly this version: as the server cites a numbered one, else by the card or by what is known of the revision. */
export function Citation({ info, card, version }: { info: Dataset; card: string; version: Version | undefined }) {
  const bibtex = version?.citation.bibtex ?? citationOf(info, { card, origin: location.origin })
  return (
    <section aria-labelledby="cite">
      <h2 id="cite">{texts.dataset.citation}</h2>
      {version && (
        <p className={styles.citeText}>
          <bdi>{version.citation.text}</bdi>
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.cite} tabIndex={0} dir="ltr">
        {bibtex}
      </pre>
      <Copy text={bibtex} label={texts.dataset.bibtex} /> {version && <Copy text={version.citation.text} label={texts.dataset.citeText} />}
    </section>
  )
}
