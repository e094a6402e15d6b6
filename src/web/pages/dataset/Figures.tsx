import { api, type Dataset } from '../../api.ts'
import { formatBytes, formatCount } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { texts } from '../../texts.ts'
import styles from '../Dataset.module.css'

/** The few figures that tell how large a dataset is and how much it is used. */
export function Figures({ info, isAllowed }: { info: Dataset; isAllowed: boolean }) {
  const size = useLoad(`size ${info.id} ${isAllowed}`, async (signal) => (isAllowed ? await api.size(info.id, signal) : undefined))
  const rows = size.state === 'ready' && size.value ? formatCount(size.value.size.dataset.num_rows) : '–'
  const languages = info.cardData.language
  const figures: [string, string][] = [
    ['Conversations', size.state === 'loading' ? '…' : rows],
    ['Size', formatBytes(info.usedStorage ?? 0)],
    ['Languages', Array.isArray(languages) ? formatCount(languages.length) : '–'],
    ['Downloads', formatCount(info.downloads)],
  ]
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{texts.dataset.figures}</h2>
      <dl className={styles.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
