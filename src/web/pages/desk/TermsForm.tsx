import { textOf, useAct } from '../../act.ts'
import { deskApi } from '../../api.desk.ts'
import { Field, Form } from '../../components/Form/Form.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { Link } from '../../navigate.tsx'
import { useReload } from '../../reload.ts'
import { askAccessHref, type Level } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import { fromLines, toLines } from './form-lines.ts'

/** What people agree to and fill in, to be changed: each change is a new version. */
export function TermsForm({ dataset, level }: { dataset: string; level: Level }) {
  const act = useAct()
  const [access, reload] = useReload(`access ${dataset} ${level}`, (signal) => deskApi.access(dataset, level, signal))
  if (access.state === 'loading') return <Loading />
  if (access.state === 'error') return <Failed error={access.error} retry={access.retry} />
  const { terms } = access.value
  const submit = async (form: FormData) => {
    const given = { heading: textOf(form, 'heading'), text: textOf(form, 'text'), fields: fromLines(textOf(form, 'fields')) }
    const { version } = await deskApi.setTerms(dataset, level, given)
    reload()
    return texts.change.termsSet(version)
  }
  return (
    <>
      <p>
        {texts.change.present(terms.version, terms.setBy)} <Link href={askAccessHref(dataset, level)}>{texts.ask.readTerms}</Link>
      </p>
      <Form
        key={terms.version}
        act={act}
        submit={submit}
        action={level === 'raw' && terms.version === 0 ? texts.change.offer : texts.change.setTerms}
        isKept={true}
        isQuiet={true}
      >
        <Field label={texts.change.heading}>
          <input name="heading" maxLength={500} defaultValue={terms.heading} />
        </Field>
        <Field label={texts.change.text}>
          <textarea name="text" required rows={8} maxLength={100_000} defaultValue={terms.text} />
        </Field>
        <Field label={texts.change.fields} hint={texts.change.fieldsHint}>
          <textarea name="fields" rows={5} defaultValue={toLines(terms.fields)} />
        </Field>
      </Form>
    </>
  )
}
