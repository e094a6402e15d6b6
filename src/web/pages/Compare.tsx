import { dataApi, type SplitOf } from '../api.data.ts'
import type { Row } from '../api.ts'
import { DatasetNav } from '../components/DatasetNav/DatasetNav.tsx'
import { Marked } from '../components/Markdown/Marked.tsx'
import { Menu } from '../components/Menu/Menu.tsx'
import { Message } from '../components/Message/Message.tsx'
import { Refused } from '../components/Refused/Refused.tsx'
import { Empty, Failed, Loading } from '../components/State/State.tsx'
import { type Conversation, readConversation } from '../conversation.ts'
import { formatCount } from '../format.ts'
import { useLoad } from '../load.ts'
import { Link, navigate } from '../navigate.tsx'
import { compareHref, type DataPlace, viewHref } from '../route.data.ts'
import { datasetHref } from '../route.ts'
import { useSettings } from '../settings.ts'
import { useSplit } from '../split.ts'
import { texts } from '../texts.data.ts'
import { texts as common } from '../texts.ts'
import styles from './Compare.module.css'

type ComparePlace = DataPlace & { page: 'compare' }

/** Conversations that begin with the same prompt as one row, side by side: what each model answered. */
export default function ComparePage({ place }: { place: ComparePlace }) {
  const split = useSplit(place.dataset, place)
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>
        {texts.compare.title} · <Link href={datasetHref(place.dataset)}>{place.dataset}</Link>
      </h1>
      <DatasetNav dataset={place.dataset} current="compare" />
      {split.state === 'loading' && <Loading />}
      {split.state === 'error' && <Refused dataset={place.dataset} error={split.error} retry={split.retry} />}
      {split.state === 'ready' && <Found place={place} split={split.value} />}
    </div>
  )
}

function Found({ place, split }: { place: ComparePlace; split: SplitOf }) {
  const { dataset, row } = place
  const found = useLoad(`same ${dataset} ${JSON.stringify(split)} ${row}`, async (signal) =>
    row === null ? undefined : await dataApi.samePrompt(dataset, split, row, signal),
  )
  if (found.state === 'loading') return <Loading />
  if (found.state === 'error') return <Failed error={found.error} retry={found.retry} />
  const rows = (found.value?.rows ?? []).flatMap((one) => {
    const conversation = readConversation(one.row)
    return conversation ? [{ row: one, conversation }] : []
  })
  const own = rows.find((one) => one.row.row_idx === row)
  const others = rows.filter((one) => one !== own)
  const back = row === null ? viewHref(dataset, {}) : viewHref(dataset, { ...split, row })
  if (!own || others.length === 0)
    return (
      <Empty title={texts.compare.none}>
        <p>{texts.compare.noneLead}</p>
        <Link className="button" href={back}>
          {texts.compare.back}
        </Link>
      </Empty>
    )
  return <Columns place={place} split={split} rows={[own, ...others]} back={back} />
}

interface Side {
  row: Row
  conversation: Conversation
}

function Columns({ place, split, rows, back }: { place: ComparePlace; split: SplitOf; rows: readonly Side[]; back: string }) {
  const [{ coversFlagged }] = useSettings()
  const hidden = place.hide.split(',').filter((name) => name !== '')
  const models = [...new Set(rows.map(nameOf))]
  const shown = rows.filter((one) => !hidden.includes(nameOf(one)))
  const prompt = rows[0]?.conversation.messages.findIndex(({ role }) => role === 'user') ?? -1
  const first = rows[0]?.conversation.messages[prompt]
  const choose = (name: string, isShown: boolean) => {
    const hide = isShown ? hidden.filter((one) => one !== name) : [...hidden, name]
    navigate(compareHref(place.dataset, { ...place, hide: hide.join(',') }), 'replace')
  }
  return (
    <>
      <p className="quiet">{texts.compare.lead}</p>
      <div className={styles.tools}>
        <span className="quiet" role="status">
          {formatCount(rows.length)} {texts.results.conversations} · {formatCount(models.length)} {texts.compare.models}
        </span>
        <span className={styles.tools}>
          <Menu label={texts.compare.choose} align="end">
            <fieldset className={styles.models}>
              <legend className="hidden">{texts.compare.choose}</legend>
              {models.map((name) => (
                <label key={name}>
                  <input type="checkbox" checked={!hidden.includes(name)} onChange={({ target }) => choose(name, target.checked)} />{' '}
                  <Marked text={name} hits={[]} />
                </label>
              ))}
            </fieldset>
          </Menu>
          <Link className="button" href={back}>
            {texts.compare.back}
          </Link>
        </span>
      </div>
      {first && (
        <section aria-label={texts.compare.prompt} className={styles.prompt}>
          <Message message={first} index={prompt} hits={[]} covers={coversFlagged} />
        </section>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.columns} tabIndex={0} aria-label={texts.compare.title}>
        {shown.map((one) => (
          <section key={one.row.row_idx} className={styles.column} aria-label={nameOf(one)}>
            <header className={styles.head}>
              <h2>
                <Marked text={nameOf(one)} hits={[]} />
              </h2>
              <Link href={viewHref(place.dataset, { ...split, row: one.row.row_idx })}>
                {common.viewer.jump} {formatCount(one.row.row_idx)}
              </Link>
            </header>
            <div className={styles.messages}>
              {one.conversation.messages.map((message, index) =>
                index <= prompt ? null : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a message's identity is its place
                  <Message key={index} message={message} index={index} hits={[]} covers={coversFlagged} />
                ),
              )}
            </div>
          </section>
        ))}
      </section>
    </>
  )
}

const nameOf = ({ row, conversation }: Side): string =>
  conversation.facts.find(([name]) => name === 'model')?.[1] ?? `${common.viewer.jump} ${row.row_idx}`
