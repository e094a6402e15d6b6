import { useState } from 'react'
import { deskApi } from '../../api.desk.ts'
import { Facts } from '../../components/Facts/Facts.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { TimeBars } from '../../components/TimeBars/TimeBars.tsx'
import { formatBytes, formatCount } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { type Metrics, quantile, readMetrics } from '../../metrics.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Health.module.css'

/** How the server is: whether its database answers, how many answers it gave, how fast, and which failed. */
export function Health() {
  const [round, setRound] = useState(0)
  const health = useLoad(`health ${round}`, deskApi.health)
  const metrics = useLoad(`metrics ${round}`, async (signal) => readMetrics(await deskApi.metrics(signal)))
  const words = texts.admin.health
  return (
    <>
      <p role="status">
        {health.state === 'loading' && texts.working}
        {health.state === 'ready' && words.answers}
        {health.state === 'error' && <strong>{words.silent}</strong>}{' '}
        <button type="button" onClick={() => setRound((count) => count + 1)}>
          {words.refresh}
        </button>
      </p>
      {metrics.state === 'loading' && <Loading />}
      {metrics.state === 'error' && <Failed error={metrics.error} retry={metrics.retry} />}
      {metrics.state === 'ready' && metrics.value.requests === 0 && <Empty title={words.none} />}
      {metrics.state === 'ready' && metrics.value.requests > 0 && <Figures metrics={metrics.value} />}
      <p className="quiet">
        {words.since} <a href="/api/metrics">/api/metrics</a>
      </p>
    </>
  )
}

function Figures({ metrics }: { metrics: Metrics }) {
  const words = texts.admin.health
  const time = (seconds: number | undefined) =>
    seconds === undefined ? '–' : Number.isFinite(seconds) ? words.ms(seconds * 1000) : words.above(words.ms(lastBound * 1000))
  const lastBound =
    metrics.buckets
      .map(({ le }) => le)
      .filter(Number.isFinite)
      .at(-1) ?? 0
  const figures: [string, string][] = [
    [words.requests, formatCount(metrics.requests)],
    [words.failures, formatCount(metrics.failed)],
    [words.refused, formatCount(metrics.refused)],
    [words.memory, formatBytes(metrics.memoryBytes)],
    [words.p50, time(quantile(metrics, 0.5))],
    [words.p95, time(quantile(metrics, 0.95))],
  ]
  return (
    <>
      <div className={styles.facts}>
        <Facts facts={figures} />
      </div>
      <h2>{words.durations}</h2>
      <div className={styles.chart}>
        <TimeBars
          label={words.durations}
          bars={metrics.buckets.map(({ le, count }) => ({
            name: Number.isFinite(le) ? words.upTo(words.ms(le * 1000)) : words.above(words.ms(lastBound * 1000)),
            value: count,
            words: formatCount(count),
          }))}
        />
      </div>
      <h2>{words.routes}</h2>
      <Sheet label={words.routes} heads={[words.heads.route, words.heads.count, words.heads.mean, words.heads.failed]}>
        {metrics.routes.slice(0, 15).map(({ route, count, seconds, failed }) => (
          <tr key={route}>
            <td>
              <code>{route}</code>
            </td>
            <td>{formatCount(count)}</td>
            <td>{words.ms(count > 0 ? (seconds / count) * 1000 : 0)}</td>
            <td>{formatCount(failed)}</td>
          </tr>
        ))}
      </Sheet>
    </>
  )
}
