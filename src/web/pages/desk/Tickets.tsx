import { useState } from 'react'
import { useAct } from '../../act.ts'
import { deskApi, type Ticket } from '../../api.desk.ts'
import { Box, Words } from '../../components/Box/Box.tsx'
import { Outcome } from '../../components/Form/Form.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { Link } from '../../navigate.tsx'
import { useReload } from '../../reload.ts'
import { datasetHref, viewHref } from '../../route.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'

/** Requests for deletion, and the steward's decision on each. */
export function Tickets({ dataset }: { dataset: string }) {
  const [found, reload] = useReload(`tickets ${dataset}`, (signal) => deskApi.tickets(dataset, signal))
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  if (found.value.length === 0) return <Empty title={texts.tickets.none}>{texts.tickets.noneHint}</Empty>
  return (
    <ul className={styles.plain}>
      {found.value.map((ticket) => (
        <li key={ticket.id}>
          <Item dataset={dataset} ticket={ticket} changed={reload} />
        </li>
      ))}
    </ul>
  )
}

function Item({ dataset, ticket, changed }: { dataset: string; ticket: Ticket; changed: () => void }) {
  const { id, kind, subject, subjectHash, requestedBy, reason, status, note, openedAt, decidedBy, revision, problem, removed } = ticket
  return (
    <Box label={`${texts.deletion.kinds[kind]} ${id}`}>
      <p className={styles.row}>
        <strong>{texts.deletion.status[status]}</strong>
        <span>{texts.deletion.kinds[kind]}</span>
        {subject ? <code>{subject}</code> : <code className="quiet">{texts.tickets.hash(subjectHash.slice(0, 16))}</code>}
        {subject && kind === 'conversation' && (
          <Link href={viewHref(dataset, { where: `"conversation_id" = '${subject.replaceAll("'", "''")}'`, row: 0 })}>
            {texts.tickets.find}
          </Link>
        )}
      </p>
      {reason && <Words text={reason} />}
      <p className="quiet">
        {formatDay(openedAt)} {texts.tickets.by(requestedBy)}
        {decidedBy && ` · ${texts.deletion.status[status]} ${texts.tickets.by(decidedBy)}`}
        {typeof removed === 'number' && ` · ${texts.tickets.removed(removed)}`}
      </p>
      {note && (
        <p>
          <bdi>{note}</bdi>
        </p>
      )}
      {problem && <p role="alert">{problem}</p>}
      {revision && (
        <p>
          <Link href={datasetHref(dataset, revision)}>{texts.deletion.revision(revision.slice(0, 7))}</Link>
        </p>
      )}
      {(status === 'open' || (status === 'accepted' && problem)) && <DecideForm dataset={dataset} ticket={ticket} changed={changed} />}
    </Box>
  )
}

function DecideForm({ dataset, ticket, changed }: { dataset: string; ticket: Ticket; changed: () => void }) {
  const act = useAct()
  const [note, setNote] = useState('')
  const [isProven, setProven] = useState(false)
  const decide = (status: 'accepted' | 'declined') =>
    void act.run(async () => {
      await deskApi.decideTicket(dataset, ticket.id, { status, note, ...(ticket.kind === 'person' ? { isProven } : {}) })
      changed()
      return texts.tickets.decided
    })
  return (
    <div className={styles.tools}>
      <label className={styles.reason}>
        {texts.tickets.note}
        <input value={note} maxLength={2000} placeholder={texts.tickets.noteHint} onChange={({ target }) => setNote(target.value)} />
      </label>
      {ticket.kind === 'person' && !ticket.proof && (
        <span className={styles.row}>
          <input
            id={`proven-${ticket.id}`}
            type="checkbox"
            className={styles.check}
            checked={isProven}
            onChange={({ target }) => setProven(target.checked)}
          />
          <label htmlFor={`proven-${ticket.id}`}>{texts.tickets.proven}</label>
        </span>
      )}
      {ticket.status === 'open' && (
        <button type="button" className="primary" disabled={act.isBusy} onClick={() => decide('accepted')}>
          {texts.tickets.accept}
        </button>
      )}
      <button type="button" disabled={act.isBusy} onClick={() => decide('declined')}>
        {texts.tickets.decline}
      </button>
      <Outcome act={act} />
    </div>
  )
}
