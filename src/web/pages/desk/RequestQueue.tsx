import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { endOfDay, textOf, useAct } from '../../act.ts'
import { type AccessRequest, deskApi } from '../../api.desk.ts'
import { Field, Form, Outcome } from '../../components/Form/Form.tsx'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { formatDay } from '../../format.ts'
import { navigate } from '../../navigate.tsx'
import { useReload } from '../../reload.ts'
import { type DatasetDeskPlace, deskHref, type RequestStatus, requestStatuses } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'
import { hasWords } from './find.ts'
import { Person } from './Person.tsx'

/** So many rows are drawn at first; selecting and deciding reach all that match. */
const SHOWN = 200

/** The requests of one state: find, select, decide on many at once, by mouse or keyboard. */
export function RequestQueue({ place, isGated }: { place: DatasetDeskPlace; isGated: boolean }) {
  const { dataset, level, status, find } = place
  const isClosed = level === 'release' && !isGated
  const [found, reload] = useReload(`asked ${dataset} ${level} ${status} ${isClosed}`, async (signal) =>
    isClosed ? [] : await deskApi.asked(dataset, status, level, signal),
  )
  const go = (change: Partial<DatasetDeskPlace>, how: 'push' | 'replace' = 'push') =>
    navigate(deskHref(dataset, 'requests', { level, status, find, ...change }), how)
  return (
    <>
      <div className={styles.tools}>
        <label>
          {texts.requests.level}
          <select value={level} onChange={({ target }) => go({ level: target.value === 'raw' ? 'raw' : 'release' })}>
            <option value="release">{texts.release}</option>
            <option value="raw">{texts.raw}</option>
          </select>
        </label>
        <label>
          {texts.requests.statusLabel}
          <select
            value={status}
            onChange={({ target }) => go({ status: requestStatuses.find((one) => one === target.value) ?? 'pending' })}
          >
            {requestStatuses.map((one) => (
              <option key={one} value={one}>
                {texts.status[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {texts.requests.find}
          <input
            type="search"
            value={find}
            placeholder={texts.requests.findHint}
            onChange={({ target }) => go({ find: target.value }, 'replace')}
          />
        </label>
      </div>
      {isClosed && <Empty title={texts.requests.notGated}>{texts.requests.notGatedHint}</Empty>}
      {!isClosed && found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {!isClosed && found.state === 'ready' && <Queue place={place} requests={found.value} changed={reload} />}
      {!isClosed && <Grant place={place} changed={reload} />}
    </>
  )
}

function Queue({ place, requests, changed }: { place: DatasetDeskPlace; requests: readonly AccessRequest[]; changed: () => void }) {
  const { status, find } = place
  const act = useAct()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [isAllShown, setAllShown] = useState(false)
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const matching = useMemo(() => requests.filter((request) => matches(request, find)), [requests, find])
  const chosen = matching.filter(({ user }) => selected.has(user.user)).map(({ user }) => user.user)
  if (requests.length === 0)
    return (
      <>
        <Outcome act={act} />
        <Empty title={texts.requests.none[status]}>{texts.requests.noneHint}</Empty>
      </>
    )

  const toggle = (name: string) =>
    setSelected((before) => (before.has(name) ? new Set([...before].filter((one) => one !== name)) : new Set([...before, name])))
  const decide = (to: RequestStatus) =>
    void act.run(async () => {
      const expiresAt = to === 'accepted' ? endOfDay(until) : undefined
      let done = 0
      let failed = 0
      for (let start = 0; start < chosen.length; start += 1000) {
        const { results } = await deskApi.decide(place.dataset, {
          users: chosen.slice(start, start + 1000),
          status: to,
          level: place.level,
          ...(reason && to !== 'accepted' ? { rejectionReason: reason } : {}),
          ...(expiresAt ? { expiresAt } : {}),
        })
        done += results.filter(({ isDone }) => isDone).length
        failed += results.filter(({ isDone }) => !isDone).length
      }
      setSelected(new Set())
      changed()
      return texts.requests.done(done, failed)
    })
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const boxes = [...(list.current?.querySelectorAll<HTMLInputElement>('tbody input[type=checkbox]') ?? [])]
    const at = boxes.findIndex((box) => box.matches(':focus'))
    if (event.key === 'j') boxes[Math.min(at + 1, boxes.length - 1)]?.focus()
    else if (event.key === 'k') boxes[Math.max(at - 1, 0)]?.focus()
    else if (event.key === 'x') boxes[at]?.click()
    else if (event.key === 'a' && chosen.length > 0 && status !== 'accepted') decide('accepted')
    else if (event.key === 'r' && chosen.length > 0 && status === 'pending') decide('rejected')
    else return
    event.preventDefault()
  }
  const { heads } = texts.requests
  const isAll = matching.length > 0 && chosen.length === matching.length
  const selectAll = (
    <input
      type="checkbox"
      className={styles.check}
      aria-label={texts.requests.selectAll(matching.length)}
      checked={isAll}
      onChange={() => setSelected(isAll ? new Set() : new Set(matching.map(({ user }) => user.user)))}
    />
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are a shorter way to what the boxes and buttons inside do
    <div ref={list} onKeyDown={onKey}>
      <p className="quiet">{texts.requests.keys}</p>
      {matching.length === 0 ? (
        <Empty title={texts.requests.noneFound} />
      ) : (
        <Sheet label={texts.desk.tabs.requests} heads={[selectAll, heads.person, heads.asked, heads.answers, heads.state]}>
          {(isAllShown ? matching : matching.slice(0, SHOWN)).map((request) => (
            <Line key={request.requestId} request={request} isSelected={selected.has(request.user.user)} toggle={toggle} />
          ))}
        </Sheet>
      )}
      {!isAllShown && matching.length > SHOWN && (
        <p>
          <button type="button" onClick={() => setAllShown(true)}>
            {texts.more} ({(matching.length - SHOWN).toLocaleString('en')})
          </button>
        </p>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a toolbar for what is selected, not a form's part */}
      <div
        className={`${styles.decide} ${chosen.length === 0 ? styles.idle : ''}`}
        role="group"
        aria-label={texts.requests.selected(chosen.length)}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <strong>{texts.requests.selected(chosen.length)}</strong>
        {status !== 'accepted' && (
          <label>
            {texts.requests.until}
            <input type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
          </label>
        )}
        {status !== 'rejected' && (
          <label className={styles.reason}>
            {texts.requests.reason}
            <input
              value={reason}
              maxLength={200}
              placeholder={texts.requests.reasonHint}
              onChange={({ target }) => setReason(target.value)}
            />
          </label>
        )}
        {status !== 'accepted' && (
          <button type="button" className="primary" disabled={chosen.length === 0 || act.isBusy} onClick={() => decide('accepted')}>
            {texts.requests.accept}
          </button>
        )}
        {status === 'pending' && (
          <button type="button" disabled={chosen.length === 0 || act.isBusy} onClick={() => decide('rejected')}>
            {texts.requests.reject}
          </button>
        )}
        {status === 'accepted' && (
          <button type="button" disabled={chosen.length === 0 || act.isBusy} onClick={() => decide('revoked')}>
            {texts.requests.revoke}
          </button>
        )}
        {(status === 'rejected' || status === 'revoked') && (
          <button type="button" disabled={chosen.length === 0 || act.isBusy} onClick={() => decide('pending')}>
            {texts.requests.back}
          </button>
        )}
        <Outcome act={act} />
      </div>
    </div>
  )
}

function Line({ request, isSelected, toggle }: { request: AccessRequest; isSelected: boolean; toggle: (name: string) => void }) {
  const { user, fields, reason, expiresAt, timestamp, termsVersion, grantedBy } = request
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          className={styles.check}
          aria-label={texts.requests.select(user.user)}
          checked={isSelected}
          onChange={() => toggle(user.user)}
        />
      </td>
      <td>
        <Person {...user} />
      </td>
      <td>{formatDay(timestamp)}</td>
      <td>
        <dl className={styles.answers}>
          {Object.entries(fields).map(([name, value]) => (
            <div key={name}>
              <dt>
                <bdi>{name}</bdi>
              </dt>
              <dd>
                <bdi>{value === true ? '✓' : String(value)}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </td>
      <td>
        <div>{grantedBy ? texts.requests.byHand : texts.requests.termsVersion(termsVersion)}</div>
        {expiresAt && <div>{texts.requests.ends(formatDay(expiresAt))}</div>}
        {reason && (
          <div className="quiet">
            <bdi>{reason}</bdi>
          </div>
        )}
      </td>
    </tr>
  )
}

function Grant({ place, changed }: { place: DatasetDeskPlace; changed: () => void }) {
  const act = useAct()
  const submit = async (form: FormData) => {
    const expiresAt = endOfDay(textOf(form, 'until'))
    await deskApi.grant(place.dataset, { user: textOf(form, 'user'), level: place.level, ...(expiresAt ? { expiresAt } : {}) })
    changed()
    return texts.requests.granted
  }
  return (
    <section className={styles.part} aria-labelledby="grant">
      <h2 id="grant">{texts.requests.grantTitle}</h2>
      <Form act={act} submit={submit} action={texts.requests.grant} isQuiet={true}>
        <Field label={texts.requests.grantUser}>
          <input name="user" required maxLength={200} autoComplete="off" spellCheck={false} />
        </Field>
        <Field label={texts.requests.until}>
          <input name="until" type="date" />
        </Field>
      </Form>
    </section>
  )
}

function matches({ user, fields }: AccessRequest, find: string): boolean {
  return hasWords([user.user, user.fullname, user.email ?? '', ...Object.values(fields).map(String)], find)
}
