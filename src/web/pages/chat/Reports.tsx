import { useState } from 'react'
import { chatApi } from '../../api.chat.ts'
import { formatTime } from '../../chat/words.ts'
import { Marked } from '../../components/Markdown/Marked.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { texts } from '../../texts.chat.ts'
import styles from './Operator.module.css'

/** Reports of abuse that are open; `version` changes when there are others. */
export function Reports({ version }: { version: number }) {
  const [closed, setClosed] = useState<string[]>([])
  const loaded = useLoad(`reports ${version}`, chatApi.reports)
  const close = (id: string) =>
    chatApi.closeReport(id).then(
      () => setClosed((before) => [...before, id]),
      () => undefined,
    )
  const open = loaded.state === 'ready' ? loaded.value.filter(({ id, closedAt }) => closedAt === null && !closed.includes(id)) : []
  return (
    <section>
      <h2>{texts.operator.reports}</h2>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'error' && <Failed error={loaded.error} retry={loaded.retry} />}
      {loaded.state === 'ready' && open.length === 0 && <p className="quiet">{texts.operator.noReports}</p>}
      <ul className={styles.reports}>
        {open.map(({ id, kind, text, share, reportedAt }) => (
          <li key={id}>
            <p className="quiet">
              {kind} · {formatTime(reportedAt)} {share && <Link href={`/chat/shared/${share}`}>{texts.share.page}</Link>}
            </p>
            <p dir="auto">
              <Marked text={text} hits={[]} />
            </p>
            <button type="button" onClick={() => void close(id)}>
              {texts.operator.close}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
