import { useState } from 'react'
import { textOf, useAct } from '../act.ts'
import { deskApi } from '../api.desk.ts'
import { Field, Form } from '../components/Form/Form.tsx'
import { Empty } from '../components/State/State.tsx'
import { Link } from '../navigate.tsx'
import { conversationOf, settingsHref } from '../route.desk.ts'
import { datasetHref } from '../route.ts'
import { texts } from '../texts.desk.ts'

/** Asking for a conversation, or all of one's own, to be taken out of a dataset: open to everyone, with or without an account. */
export default function AskDeletionPage({ dataset, conversation }: { dataset: string; conversation: string }) {
  const act = useAct()
  const [kind, setKind] = useState<'conversation' | 'person'>('conversation')
  const [ticket, setTicket] = useState('')
  const submit = async (form: FormData) => {
    const subject = kind === 'conversation' ? conversationOf(textOf(form, 'subject')) : textOf(form, 'subject')
    const { id } = await deskApi.askDeletion(dataset, { kind, subject, reason: textOf(form, 'reason') })
    setTicket(id)
    return texts.deletion.asked
  }
  return (
    <>
      <p>
        <Link href={datasetHref(dataset)}>{dataset}</Link>
      </p>
      <h1>{texts.deletion.title}</h1>
      <p>{texts.deletion.lead}</p>
      {ticket ? (
        <Empty title={texts.deletion.asked}>
          <p>
            {texts.deletion.number} <code>{ticket}</code>
          </p>
          <p>
            <Link href={settingsHref('deletions')}>{texts.deletion.follow}</Link>
          </p>
        </Empty>
      ) : (
        <Form act={act} submit={submit} action={texts.deletion.action}>
          <Field label={texts.deletion.what}>
            <select value={kind} onChange={({ target }) => setKind(target.value === 'person' ? 'person' : 'conversation')}>
              <option value="conversation">{texts.deletion.kinds.conversation}</option>
              <option value="person">{texts.deletion.kinds.person}</option>
            </select>
          </Field>
          {kind === 'conversation' ? (
            <Field label={texts.deletion.conversation} hint={texts.deletion.conversationHint}>
              <input name="subject" required maxLength={500} defaultValue={conversation} spellCheck={false} autoComplete="off" />
            </Field>
          ) : (
            <Field label={texts.deletion.person} hint={texts.deletion.personHint}>
              <input name="subject" required maxLength={200} spellCheck={false} autoComplete="off" />
            </Field>
          )}
          <Field label={texts.deletion.reason} hint={texts.deletion.reasonHint}>
            <textarea name="reason" rows={3} maxLength={2000} />
          </Field>
        </Form>
      )}
    </>
  )
}
