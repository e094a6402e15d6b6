import { useState } from 'react'
import { textOf, useAct } from '../../act.ts'
import { deskApi, type Notice } from '../../api.desk.ts'
import { Copy } from '../../components/Copy/Copy.tsx'
import { Field, Form } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatTime } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { useReload } from '../../reload.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'

/** What was sent about a dataset and what waits or failed, and, for its owners, the webhook with the key of its signatures. */
export function Notices({ dataset, isOwner }: { dataset: string; isOwner: boolean }) {
  const words = texts.notices
  const found = useLoad(`notices ${dataset}`, (signal) => deskApi.notices(dataset, signal))
  return (
    <>
      <p className="quiet">
        {words.lead}{' '}
        <a href={`/api/datasets/${dataset}/protection-report`} download>
          {words.report}
        </a>
      </p>
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && found.value.length === 0 && <Empty title={words.none}>{words.noneHint}</Empty>}
      {found.state === 'ready' && found.value.length > 0 && (
        <Sheet label={texts.desk.tabs.notices} heads={[words.heads.when, words.heads.event, words.heads.kind, words.heads.state]}>
          {found.value.map((notice) => (
            <tr key={notice.id}>
              <td>{formatTime(notice.createdAt)}</td>
              <td>
                <code>{notice.event}</code>
              </td>
              <td>{words.kinds[notice.kind]}</td>
              <td>{stateOf(notice)}</td>
            </tr>
          ))}
        </Sheet>
      )}
      <section className={styles.part} aria-labelledby="webhook">
        <h2 id="webhook">{words.webhook}</h2>
        {isOwner ? <Webhook dataset={dataset} /> : <p className="quiet">{words.ownerOnly}</p>}
      </section>
    </>
  )
}

function stateOf({ sentAt, failedAt, attempts, problem }: Notice): string {
  if (sentAt) return texts.notices.sent(formatTime(sentAt))
  return failedAt ? texts.notices.failed(problem ?? '') : texts.notices.waits(attempts, problem ?? '')
}

function Webhook({ dataset }: { dataset: string }) {
  const words = texts.notices
  const act = useAct()
  const [isShown, setShown] = useState(false)
  const [found, reload] = useReload(`webhook ${dataset}`, (signal) => deskApi.webhook(dataset, signal))
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const { url, key } = found.value
  const submit = async (form: FormData) => {
    await deskApi.setSettings(dataset, { notifyUrl: textOf(form, 'url') || null })
    setShown(false)
    reload()
    return words.saved
  }
  return (
    <>
      <Form act={act} submit={submit} action={words.save} isKept={true} label={words.webhook}>
        <Field label={words.url} hint={words.webhookHint}>
          <input key={url} name="url" type="url" maxLength={2000} defaultValue={url ?? ''} autoComplete="off" />
        </Field>
      </Form>
      {key && !isShown && (
        <p>
          <button type="button" onClick={() => setShown(true)}>
            {words.showKey}
          </button>
        </p>
      )}
      {key && isShown && (
        <p>
          {words.key}: <code>{key}</code> <Copy text={key} />
          <br />
          <span className="quiet">{words.keyHint}</span>
        </p>
      )}
    </>
  )
}
