import { deskApi } from '../../api.desk.ts'
import type { Row } from '../../api.ts'
import { Message } from '../../components/Message/Message.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { readConversation } from '../../conversation.ts'
import { formatCount } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { useSettings } from '../../settings.ts'
import { texts } from '../../texts.desk.ts'
import { texts as common } from '../../texts.ts'
import styles from '../Dataset.module.css'

/** The conversations that the owner shows to everyone, for those who cannot read the others; nothing where the owner chose none. */
export default function Sample({ dataset }: { dataset: string }) {
  const found = useLoad(`sample ${dataset}`, (signal) => deskApi.sample(dataset, signal))
  if (found.state === 'ready' && found.value.length === 0) return null
  return (
    <section aria-labelledby="sample">
      <h2 id="sample">{texts.dataset.sample}</h2>
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && found.value.map((row, index) => <One key={row.row_idx} row={row} isOpen={index === 0} />)}
    </section>
  )
}

function One({ row, isOpen }: { row: Row; isOpen: boolean }) {
  const [{ coversFlagged, isPlain }] = useSettings()
  const conversation = readConversation(row.row)
  const facts = ['model', 'language'].flatMap((name) => (typeof row.row[name] === 'string' ? [row.row[name]] : []))
  return (
    <details className={styles.sample} open={isOpen}>
      <summary>
        {common.viewer.jump} {formatCount(row.row_idx)} <bdi className="quiet">{facts.join(' · ')}</bdi>
      </summary>
      {conversation ? (
        conversation.messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a message's identity is its place
          <Message key={index} message={message} index={index} hits={[]} covers={coversFlagged} isPlain={isPlain} />
        ))
      ) : (
        <p className="quiet">{common.viewer.noConversation}</p>
      )}
    </details>
  )
}
