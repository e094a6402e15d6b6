import { textOf, useAct } from '../../act.ts'
import { type DomainRule, deskApi } from '../../api.desk.ts'
import { Confirm } from '../../components/Confirm/Confirm.tsx'
import { Field, Form, Outcome } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { Link } from '../../navigate.tsx'
import { useReload } from '../../reload.ts'
import { deskHref, type Level } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'

/** The rules that decide by e-mail domain, for the release or the raw data. */
export function Rules({ dataset, level }: { dataset: string; level: Level }) {
  const act = useAct()
  const [found, reload] = useReload(`rules ${dataset} ${level}`, (signal) => deskApi.rules(dataset, level, signal))
  const other = level === 'raw' ? 'release' : 'raw'
  const lead = (
    <p className="quiet">
      {texts.rules.lead} {texts.requests.level}: {texts[level]} ·{' '}
      <Link href={deskHref(dataset, 'rules', { level: other })}>{texts[other]}</Link>
    </p>
  )
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const save = async (rules: readonly DomainRule[]) => {
    await deskApi.setRules(dataset, level, rules)
    reload()
    return texts.rules.saved
  }
  const add = (form: FormData) => {
    const days = textOf(form, 'days')
    const domain = textOf(form, 'domain').toLowerCase().replace(/^@/, '')
    const decision = textOf(form, 'decision') === 'reject' ? ('reject' as const) : ('accept' as const)
    return save([...found.value.filter((one) => one.domain !== domain), { domain, decision, days: days === '' ? null : Number(days) }])
  }
  const { heads } = texts.rules
  return (
    <>
      {lead}
      {found.value.length === 0 && <Empty title={texts.rules.none}>{texts.rules.noneHint}</Empty>}
      {found.value.length > 0 && (
        <Sheet label={texts.desk.tabs.rules} heads={[heads.domain, heads.decision, heads.days, heads.change]}>
          {found.value.map((rule) => (
            <tr key={rule.domain}>
              <td>{rule.domain}</td>
              <td>{texts.rules.decisions[rule.decision]}</td>
              <td>{rule.days ?? texts.rules.noEnd}</td>
              <td>
                <Confirm
                  action={texts.rules.remove}
                  of={rule.domain}
                  isDisabled={act.isBusy}
                  act={() => void act.run(() => save(found.value.filter((one) => one !== rule)))}
                />
              </td>
            </tr>
          ))}
        </Sheet>
      )}
      {!act.isBusy && <Outcome act={act} />}
      <section className={styles.part} aria-labelledby="add-rule">
        <h2 id="add-rule">{texts.rules.add}</h2>
        <AddRule add={add} />
      </section>
    </>
  )
}

function AddRule({ add }: { add: (form: FormData) => Promise<string> }) {
  const act = useAct()
  return (
    <Form act={act} submit={add} action={texts.rules.add}>
      <Field label={texts.rules.domain} hint={texts.rules.domainHint}>
        <input name="domain" required pattern="@?[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+" autoComplete="off" spellCheck={false} />
      </Field>
      <Field label={texts.rules.decision}>
        <select name="decision">
          <option value="accept">{texts.rules.decisions.accept}</option>
          <option value="reject">{texts.rules.decisions.reject}</option>
        </select>
      </Field>
      <Field label={texts.rules.days} hint={texts.rules.daysHint}>
        <input name="days" type="number" min={1} max={3650} />
      </Field>
    </Form>
  )
}
