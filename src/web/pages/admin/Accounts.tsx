import { textOf, useAct } from '../../act.ts'
import { type Account, deskApi, type Role } from '../../api.desk.ts'
import { Confirm } from '../../components/Confirm/Confirm.tsx'
import { Field, Form, Outcome } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { navigate } from '../../navigate.tsx'
import { useReload } from '../../reload.ts'
import { adminHref } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import styles from '../desk/Desk.module.css'
import { hasWords } from '../desk/find.ts'
import { Person } from '../desk/Person.tsx'

const roles: readonly Role[] = ['reader', 'steward', 'owner', 'admin']
const roleOf = (value: string): Role => roles.find((one) => one === value) ?? 'reader'

/** All accounts: their roles, disabling them, making new ones. */
export function Accounts({ find }: { find: string }) {
  const act = useAct()
  const [found, reload] = useReload('users', deskApi.users)
  const change = (user: string, given: { role?: Role; isDisabled?: boolean }) =>
    void act.run(async () => {
      await deskApi.changeUser(user, given)
      reload()
      return texts.admin.changed(user)
    })
  return (
    <>
      <div className={styles.tools}>
        <label>
          {texts.admin.find}
          <input type="search" value={find} onChange={({ target }) => navigate(adminHref('users', target.value), 'replace')} />
        </label>
      </div>
      <Outcome act={act} />
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && (
        <List
          accounts={found.value.filter(({ user, email, fullname, role }) => hasWords([user, email, fullname, role], find))}
          change={change}
          isBusy={act.isBusy}
        />
      )}
      <section className={styles.part} aria-labelledby="make-account">
        <h2 id="make-account">{texts.admin.make}</h2>
        <NewAccount made={reload} />
      </section>
    </>
  )
}

function List(given: {
  accounts: readonly Account[]
  change: (user: string, given: { role?: Role; isDisabled?: boolean }) => void
  isBusy: boolean
}) {
  const { accounts, change, isBusy } = given
  const { heads } = texts.admin
  if (accounts.length === 0) return <Empty title={texts.admin.noneFound} />
  return (
    <Sheet label={texts.admin.tabs.users} heads={[heads.user, heads.role, heads.since, heads.state, heads.change]}>
      {accounts.map((account) => (
        <tr key={account.id}>
          <td>
            <Person user={account.user} fullname={account.fullname} email={account.email} />
          </td>
          <td>
            <select
              aria-label={`${heads.role}: ${account.user}`}
              value={account.role}
              disabled={isBusy}
              onChange={({ target }) => change(account.user, { role: roleOf(target.value) })}
            >
              {roles.map((one) => (
                <option key={one} value={one}>
                  {texts.admin.roles[one]}
                </option>
              ))}
            </select>
          </td>
          <td>{formatDay(account.createdAt)}</td>
          <td>{account.isDisabled ? <strong>{texts.admin.disabled}</strong> : texts.admin.active}</td>
          <td>
            {account.isDisabled ? (
              <button type="button" disabled={isBusy} onClick={() => change(account.user, { isDisabled: false })}>
                {texts.admin.enable}
                <span className="hidden"> {account.user}</span>
              </button>
            ) : (
              <Confirm
                action={texts.admin.disable}
                of={account.user}
                isDisabled={isBusy}
                act={() => change(account.user, { isDisabled: true })}
              />
            )}
          </td>
        </tr>
      ))}
    </Sheet>
  )
}

function NewAccount({ made }: { made: () => void }) {
  const act = useAct()
  const submit = async (form: FormData) => {
    const password = form.get('password')
    const { user } = await deskApi.makeUser({
      user: textOf(form, 'user'),
      email: textOf(form, 'email'),
      fullname: textOf(form, 'fullname'),
      role: roleOf(textOf(form, 'role')),
      ...(typeof password === 'string' && password !== '' ? { password } : {}),
    })
    made()
    return texts.admin.made(user)
  }
  return (
    <Form act={act} submit={submit} action={texts.admin.make}>
      <Field label={texts.admin.name}>
        <input name="user" required maxLength={96} autoComplete="off" spellCheck={false} />
      </Field>
      <Field label={texts.admin.email}>
        <input name="email" type="email" required maxLength={254} autoComplete="off" />
      </Field>
      <Field label={texts.admin.fullname}>
        <input name="fullname" maxLength={200} autoComplete="off" />
      </Field>
      <Field label={texts.admin.heads.role}>
        <select name="role">
          {roles.map((one) => (
            <option key={one} value={one}>
              {texts.admin.roles[one]}
            </option>
          ))}
        </select>
      </Field>
      <Field label={texts.admin.password} hint={texts.admin.passwordHint}>
        <input name="password" type="password" minLength={8} maxLength={256} autoComplete="new-password" />
      </Field>
    </Form>
  )
}
