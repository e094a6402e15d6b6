import { type DeskRow, deskApi } from '../../api.desk.ts'
import { Sheet } from '../../components/Sheet/Sheet.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { useLoad } from '../../load.ts'
import { Link } from '../../navigate.tsx'
import { deskHref } from '../../route.desk.ts'
import { texts } from '../../texts.desk.ts'
import styles from './Desk.module.css'

/** The datasets that a person owns or looks after, with what waits there. */
export default function DeskPage() {
  const found = useLoad('desk', deskApi.desk)
  const { desk } = texts
  return (
    <>
      <h1>{desk.title}</h1>
      <p className="quiet">{desk.lead}</p>
      {found.state === 'loading' && <Loading />}
      {found.state === 'error' && <Failed error={found.error} retry={found.retry} />}
      {found.state === 'ready' && found.value.length === 0 && <Empty title={desk.none}>{desk.noneHint}</Empty>}
      {found.state === 'ready' && found.value.length > 0 && (
        <Sheet label={desk.title} heads={[desk.heads.dataset, desk.heads.waits, desk.heads.gate, desk.heads.role]}>
          {found.value.map((row) => (
            <tr key={row.dataset}>
              <td>
                <Link href={deskHref(row.dataset, 'requests')}>{row.dataset}</Link>
              </td>
              <td>
                <Waits row={row} />
              </td>
              <td>
                {desk.gates[row.gated]}
                {row.visibility === 'private' && `, ${desk.private}`}
              </td>
              <td>{desk.roles[row.role]}</td>
            </tr>
          ))}
        </Sheet>
      )}
    </>
  )
}

function Waits({ row }: { row: DeskRow }) {
  const { waits, calm } = texts.desk
  const links = [
    { count: row.pending, href: deskHref(row.dataset, 'requests'), words: waits.pending(row.pending) },
    { count: row.raw, href: deskHref(row.dataset, 'requests', { level: 'raw' }), words: waits.raw(row.raw) },
    { count: row.deletions, href: deskHref(row.dataset, 'deletions'), words: waits.deletions(row.deletions) },
    { count: row.uses, href: deskHref(row.dataset, 'uses'), words: waits.uses(row.uses) },
    { count: row.overdue, href: deskHref(row.dataset, 'demands'), words: waits.overdue(row.overdue) },
  ].filter(({ count }) => count > 0)
  if (links.length === 0) return <span className="quiet">{calm}</span>
  return (
    <ul className={styles.waits}>
      {links.map(({ href, words }) => (
        <li key={href}>
          <Link href={href}>{words}</Link>
        </li>
      ))}
    </ul>
  )
}
