import { textOf, useAct } from '../../act.ts'
import { deskApi } from '../../api.desk.ts'
import { api, type Dataset } from '../../api.ts'
import { Field, Form } from '../../components/Form/Form.tsx'
import { Failed, Loading } from '../../components/State/State.tsx'
import { useLoad } from '../../load.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'
import { IndexState } from './IndexState.tsx'
import { TermsForm } from './TermsForm.tsx'

/** What an owner chooses: gate, visibility, how long grants hold, rows for strangers, the terms of both levels; and how the search index is. */
export function SettingsDesk({ dataset, isOwner }: { dataset: string; isOwner: boolean }) {
  const found = useLoad(`settings ${dataset} ${isOwner}`, async (signal) => {
    const info = await api.dataset(dataset, '', signal)
    return { info, settings: isOwner ? await deskApi.settings(dataset, signal) : undefined }
  })
  if (!isOwner) return <p>{texts.change.ownerOnly}</p>
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const { info, settings } = found.value
  return (
    <>
      <Choices info={info} grantDays={settings?.grantDays} sampleRows={settings?.sampleRows ?? []} />
      <section className={styles.part} aria-labelledby="card-terms">
        <h2 id="card-terms">{texts.change.terms}</h2>
        <p className="quiet">{texts.change.termsHint}</p>
        <TermsForm dataset={dataset} level="release" />
      </section>
      <section className={styles.part} aria-labelledby="raw-terms">
        <h2 id="raw-terms">{texts.change.rawTitle}</h2>
        <p className="quiet">{texts.change.rawHint}</p>
        <TermsForm dataset={dataset} level="raw" />
      </section>
      <section className={styles.part} aria-labelledby="index">
        <h2 id="index">{texts.change.indexTitle}</h2>
        <IndexState dataset={dataset} />
      </section>
    </>
  )
}

function Choices(given: { info: Dataset; grantDays: number | undefined; sampleRows: readonly number[] }) {
  const { info, grantDays, sampleRows } = given
  const act = useAct()
  const submit = async (form: FormData) => {
    const gate = textOf(form, 'gated')
    const days = textOf(form, 'grantDays')
    const rows = textOf(form, 'sampleRows')
      .split(/[\s,]+/)
      .filter((row) => row !== '')
      .map(Number)
    await deskApi.setSettings(info.id, {
      gated: gate === 'auto' || gate === 'manual' ? gate : false,
      visibility: textOf(form, 'visibility') === 'private' ? 'private' : 'public',
      // Rows are those of the version at which they are set: what was not touched must not become rows of a newer one.
      ...(rows.join() === sampleRows.join() ? {} : { sampleRows: rows }),
      grantDays: days === '' ? null : Number(days),
    })
    return texts.change.saved
  }
  return (
    <Form act={act} submit={submit} action={texts.change.save} isKept={true} label={texts.desk.tabs.settings}>
      <Field label={texts.change.gate}>
        <select name="gated" defaultValue={String(info.gated)}>
          {(['false', 'auto', 'manual'] as const).map((gate) => (
            <option key={gate} value={gate}>
              {texts.change.gates[gate]}
            </option>
          ))}
        </select>
      </Field>
      <Field label={texts.change.visibility}>
        <select name="visibility" defaultValue={info.private ? 'private' : 'public'}>
          {(['public', 'private'] as const).map((one) => (
            <option key={one} value={one}>
              {texts.change.visibilities[one]}
            </option>
          ))}
        </select>
      </Field>
      <Field label={texts.change.grantDays} hint={texts.change.grantDaysHint}>
        <input name="grantDays" type="number" min={1} max={3650} defaultValue={grantDays} />
      </Field>
      <Field label={texts.change.sampleRows} hint={texts.change.sampleRowsHint}>
        <input name="sampleRows" pattern="[\s,0-9]*" defaultValue={sampleRows.join(', ')} autoComplete="off" />
      </Field>
    </Form>
  )
}
