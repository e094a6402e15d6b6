import { useState } from 'react'
import { deskApi } from '../../api.desk.ts'
import { Failed, Loading } from '../../components/State/State.tsx'
import { TimeBars } from '../../components/TimeBars/TimeBars.tsx'
import { useLoad } from '../../load.ts'
import { texts } from '../../texts.desk.ts'
import styles from '../Dataset.module.css'
import { fillPeriods } from './periods.ts'

/** Downloads over time as bars, by day or month; small counts are hatched where they are not told. */
export function DownloadsOverTime({ dataset }: { dataset: string }) {
  const [by, setBy] = useState<'day' | 'month'>('day')
  const found = useLoad(`downloads ${dataset} ${by}`, (signal) => deskApi.downloads(dataset, by, signal))
  return (
    <section aria-labelledby="downloads">
      <h2 id="downloads">{texts.dataset.downloads}</h2>
      <div className={styles.choices}>
        {(['day', 'month'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={one === by} onClick={() => setBy(one)}>
            {one === 'day' ? texts.dataset.byDay : texts.dataset.byMonth}
          </button>
        ))}
      </div>
      <div className={styles.chart}>
        {found.state === 'loading' && <Loading />}
        {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
        {found.state === 'ready' && found.value.periods.length === 0 && <p className="quiet">{texts.dataset.noDownloads}</p>}
        {found.state === 'ready' && found.value.periods.length > 0 && (
          <>
            <TimeBars
              label={texts.dataset.downloads}
              bars={fillPeriods(found.value.periods, by).map(({ period, downloads }) => ({
                name: period,
                value: downloads,
                words: downloads === null ? texts.dataset.fewer(found.value.floor) : texts.dataset.downloadCount(downloads),
              }))}
            />
            {found.value.periods.some(({ downloads }) => downloads === null) && (
              <p className={styles.note}>{texts.dataset.floorNote(found.value.floor)}</p>
            )}
          </>
        )}
      </div>
    </section>
  )
}
