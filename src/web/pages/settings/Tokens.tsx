import { useState } from 'react'
import { textOf, useAct } from '../../act.ts'
import { deskApi, type NewToken } from '../../api.desk.ts'
import { Confirm } from '../../components/Confirm/Confirm.tsx'
import { Copy } from '../../components/Copy/Copy.tsx'
import { Field, Form, Outcome } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { useReload } from '../../reload.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Settings.module.css'

/** A person's tokens, and the form that makes one; its text is shown this once. */
export function Tokens() {
  const [made, setMade] = useState('')
  const act = useAct()
  const [found, reload] = useReload('own tokens', deskApi.tokens)
  const revoke = (id: string) =>
    act.run(async () => {
      await deskApi.revokeToken(id)
      reload()
      return texts.tokens.revoked
    })
  const { heads } = texts.tokens
  return (
    <>
      {made && (
        <div className={styles.secret} role="status">
          <p>{texts.tokens.once}</p>
          <code>{made}</code>
          <Copy text={made} />
        </div>
      )}
      <Outcome act={act} />
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && found.value.length === 0 && <Empty title={texts.tokens.none}>{texts.tokens.noneHint}</Empty>}
      {found.state === 'ready' && found.value.length > 0 && (
        <Sheet label={texts.settings.tabs.tokens} heads={[heads.name, heads.may, heads.made, heads.ends, heads.used, heads.change]}>
          {found.value.map((token) => (
            <tr key={token.id}>
              <td>
                <bdi>{token.displayName}</bdi> <code>hf_…{token.ending}</code>
              </td>
              <td>
                {texts.tokens.roles[token.role]}
                {token.scopes.map(({ dataset, permissions }) => (
                  <div key={dataset} className="quiet">
                    {dataset}: {permissions.map((one) => texts.tokens.permissions[one]).join(', ')}
                  </div>
                ))}
              </td>
              <td>{formatDay(token.createdAt)}</td>
              <td>{token.expiresAt ? formatDay(token.expiresAt) : texts.tokens.never}</td>
              <td>{token.lastUsedAt ? formatDay(token.lastUsedAt) : texts.tokens.unused}</td>
              <td>
                <Confirm action={texts.tokens.revoke} of={token.displayName} act={() => void revoke(token.id)} />
              </td>
            </tr>
          ))}
        </Sheet>
      )}
      <NewTokenForm
        made={(token) => {
          setMade(token)
          reload()
        }}
      />
    </>
  )
}

function NewTokenForm({ made }: { made: (token: string) => void }) {
  const act = useAct()
  const [role, setRole] = useState<NewToken['role']>('read')
  const submit = async (form: FormData) => {
    const days = Number(textOf(form, 'days'))
    const datasets = textOf(form, 'datasets')
      .split(/[\s,]+/)
      .filter((name) => name !== '')
    const permissions: NewToken['scopes'][number]['permissions'] = form.get('writes') === 'on' ? ['read', 'write'] : ['read']
    const { token } = await deskApi.makeToken({
      displayName: textOf(form, 'name'),
      role,
      scopes: role === 'fineGrained' ? datasets.map((dataset) => ({ dataset, permissions })) : [],
      ...(days > 0 ? { expiresInDays: days } : {}),
    })
    made(token)
    setRole('read')
    return texts.tokens.ready
  }
  return (
    <section className={styles.new} aria-labelledby="new-token">
      <h2 id="new-token">{texts.tokens.make}</h2>
      <Form act={act} submit={submit} action={texts.tokens.make}>
        <Field label={texts.tokens.heads.name} hint={texts.tokens.nameHint}>
          <input name="name" required maxLength={100} autoComplete="off" />
        </Field>
        <Field label={texts.tokens.heads.may}>
          <select value={role} onChange={({ target }) => setRole(roleOf(target.value))}>
            {(['read', 'write', 'fineGrained'] as const).map((one) => (
              <option key={one} value={one}>
                {texts.tokens.choices[one]}
              </option>
            ))}
          </select>
        </Field>
        {role === 'fineGrained' && (
          <div className={styles.scopes}>
            <Field label={texts.tokens.datasets} hint={texts.tokens.datasetsHint}>
              <input name="datasets" required placeholder="ns/name" autoComplete="off" spellCheck={false} />
            </Field>
            <Field label={texts.tokens.writes} isCheck={true}>
              <input name="writes" type="checkbox" />
            </Field>
          </div>
        )}
        <Field label={texts.tokens.days} hint={texts.tokens.daysHint}>
          <input name="days" type="number" min={1} max={3650} defaultValue={90} />
        </Field>
      </Form>
    </section>
  )
}

const roleOf = (value: string): NewToken['role'] => (value === 'write' || value === 'fineGrained' ? value : 'read')
