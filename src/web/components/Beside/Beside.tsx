import { dataApi } from '../../api.data.ts'
import type { Row } from '../../api.ts'
import { type Conversation, type Message, readConversation } from '../../conversation.ts'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { viewHref } from '../../route.data.ts'
import { useSettings } from '../../settings.ts'
import { useSplit } from '../../split.ts'
import { type Change, diffTexts } from '../../text-diff.ts'
import { texts } from '../../texts.data.ts'
import { texts as common } from '../../texts.ts'
import { Marked } from '../Markdown/Marked.tsx'
import { Empty, Failed, Loading } from '../State/State.tsx'
import styles from './Beside.module.css'

/** One conversation in two versions, message by message, with the words that changed. */
export function Beside(given: { dataset: string; id: string; config: string; split: string; base: string; head: string }) {
  const { dataset, id, config, split, base, head } = given
  const before = useRow({ dataset, id, config, split, revision: base })
  const after = useRow({ dataset, id, config, split, revision: head })
  if (before.state === 'loading' || after.state === 'loading') return <Loading />
  if (before.state === 'error') return <Failed error={before.error} retry={before.retry} />
  if (after.state === 'error') return <Failed error={after.error} retry={after.retry} />
  const one = before.value && readConversation(before.value.row)
  const two = after.value && readConversation(after.value.row)
  if (!before.value && !after.value) return <Empty title={texts.diff.neither} />
  return (
    <section className={styles.beside} aria-label={`${texts.diff.id} ${id}`}>
      <h2>
        <bdi>{id}</bdi>
      </h2>
      <p className={styles.ways}>
        {before.value && (
          <Link href={viewHref(dataset, { config, split, revision: base, row: before.value.row_idx })}>{texts.diff.openBefore}</Link>
        )}
        {after.value && (
          <Link href={viewHref(dataset, { config, split, revision: head, row: after.value.row_idx })}>{texts.diff.openAfter}</Link>
        )}
      </p>
      <Facts before={before.value} after={after.value} />
      <div className={styles.heads}>
        <h3>{texts.diff.before}</h3>
        <h3>{texts.diff.after}</h3>
      </div>
      <Messages before={one} after={two} />
    </section>
  )
}

function useRow(given: { dataset: string; id: string; config: string; split: string; revision: string }) {
  const { dataset, id, revision } = given
  const split = useSplit(dataset, given)
  const key = `row ${JSON.stringify([dataset, split.state === 'ready' ? split.value : split.state, id])}`
  const found = useLoad(key, async (signal) => {
    if (split.state !== 'ready') return undefined
    const where = `"conversation_id" = '${id.replaceAll("'", "''")}'`
    const page = await dataApi.rows(dataset, { ...split.value, revision }, { query: '', role: '', where, orderby: '' }, 0, 1, signal)
    return page.rows[0]
  })
  return split.state === 'ready' ? found : split.state === 'error' ? split : { state: 'loading' as const }
}

/** The plain facts that are not the same in both versions. */
function Facts({ before, after }: { before: Row | undefined; after: Row | undefined }) {
  if (!before || !after) return null
  const names = [...new Set([...Object.keys(before.row), ...Object.keys(after.row)])]
  const changed = names.flatMap((name) => {
    const [a, b] = [before.row[name], after.row[name]]
    if (Array.isArray(a) || Array.isArray(b)) return []
    const [was, is] = [a, b].map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')))
    return was === is ? [] : [{ name, was: was ?? '', is: is ?? '' }]
  })
  if (changed.length === 0) return null
  return (
    <table className={styles.facts}>
      <tbody>
        {changed.map(({ name, was, is }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <del>
                <Marked text={was} hits={[]} />
              </del>
            </td>
            <td>
              <ins>
                <Marked text={is} hits={[]} />
              </ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Messages({ before, after }: { before: Conversation | undefined; after: Conversation | undefined }) {
  const count = Math.max(before?.messages.length ?? 0, after?.messages.length ?? 0)
  return Array.from({ length: count }, (_, index) => {
    const [one, two] = [before?.messages[index], after?.messages[index]]
    const changes = one && two ? diffTexts(one.content, two.content) : []
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a message's identity is its place
      <div key={index} className={styles.pair}>
        <Half message={one} changes={changes} own="removed" />
        <Half message={two} changes={changes} own="added" />
      </div>
    )
  })
}

/** One side of a message: all of it where the other side has none, else what stayed and what is its own, marked. */
function Half({ message, changes, own }: { message: Message | undefined; changes: readonly Change[]; own: 'removed' | 'added' }) {
  const [{ coversFlagged }] = useSettings()
  if (!message) return <p className="quiet">{texts.diff.absent}</p>
  const { moderation } = message
  const pieces = changes.length > 0 ? changes.filter(({ kind }) => kind === 'same' || kind === own) : [{ kind: own, text: message.content }]
  const text = pieces.map(({ kind, text }, index) => {
    const Element = kind === 'removed' ? 'del' : kind === 'added' ? 'ins' : 'span'
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity than their place
      <Element key={index}>
        <Marked text={text} hits={[]} />
      </Element>
    )
  })
  return (
    <article className={styles.half}>
      <header>
        <strong>{message.role}</strong>{' '}
        {moderation?.isFlagged && <span className={styles.flag}>⚠ {moderation.categories.join(', ') || common.viewer.unnamed}</span>}
      </header>
      {coversFlagged && moderation?.isFlagged ? (
        <details className={styles.covered}>
          <summary>{common.viewer.uncover}</summary>
          <div className={styles.text}>{text}</div>
        </details>
      ) : (
        <div className={styles.text}>{text}</div>
      )}
    </article>
  )
}
