import type { Board } from '../../api.chat.shapes.ts'
import { chatApi } from '../../api.chat.ts'
import { countRows, fillDays, rankWords, spanOf, winRows } from '../../chat/board.ts'
import { categoryName, formatTime } from '../../chat/words.ts'
import { Columns } from '../../components/Columns/Columns.tsx'
import { HeatMap } from '../../components/HeatMap/HeatMap.tsx'
import { Empty, Failed, Loading } from '../../components/State/State.tsx'
import { Tabs } from '../../components/Tabs/Tabs.tsx'
import { Wide } from '../../components/Wide/Wide.tsx'
import { formatCount } from '../../format.ts'
import { useLoad } from '../../load.ts'
import { Link, navigate } from '../../navigate.tsx'
import { boardHref, boardViews, type ChatPlace } from '../../route.chat.ts'
import { texts } from '../../texts.chat.ts'
import styles from './Leaderboard.module.css'

/** Ratings of models from the arena's votes, by category, with and without style control. */
export default function LeaderboardPage({ place }: { place: ChatPlace & { page: 'leaderboard' } }) {
  const { category, isStyleControlled } = place
  const loaded = useLoad(`board ${category} ${isStyleControlled}`, (signal) => chatApi.board(category, isStyleControlled, signal))
  const { board: words } = texts
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1>{words.title}</h1>
          <p>{words.lead}</p>
        </div>
        <Link className="button primary" href="/arena">
          {words.vote}
        </Link>
      </header>
      {loaded.state === 'loading' && <Loading />}
      {loaded.state === 'error' &&
        (loaded.error.code === 'not-found' || loaded.error.code === 'NotFound' ? (
          <Empty title={texts.missing}>{texts.missingHint}</Empty>
        ) : (
          <Failed error={loaded.error} retry={loaded.retry} />
        ))}
      {loaded.state === 'ready' && <BoardView board={loaded.value} place={place} />}
    </div>
  )
}

function BoardView({ board, place }: { board: Board; place: ChatPlace & { page: 'leaderboard' } }) {
  const { board: words } = texts
  const go = (change: Partial<typeof place>) => navigate(boardHref({ ...place, ...change }), 'replace')
  return (
    <>
      <div className={styles.filters}>
        <label>
          {words.category}{' '}
          <select value={place.category} onChange={({ target }) => go({ category: target.value })}>
            {board.categories.map(({ name, votes }) => (
              <option key={name} value={name}>
                {categoryName(name, words.categories)} ({formatCount(votes)})
              </option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={place.isStyleControlled} onChange={({ target }) => go({ isStyleControlled: target.checked })} />{' '}
          {words.style} <span className="quiet">{words.styleHint}</span>
        </label>
      </div>
      {board.places.length === 0 ? <Empty title={words.empty}>{words.emptyHint}</Empty> : <Ranking board={board} />}
      {board.unrated.length > 0 && (
        <p>
          {words.unrated} {board.unrated.join(', ')}
        </p>
      )}
      <p className="quiet">
        {words.summary(formatCount(board.votes), formatTime(board.computedAt))}.{' '}
        {words.excluded(formatCount(board.excluded.named), formatCount(board.excluded.anomalous), formatCount(board.voters.rejected))}
      </p>
      <Tabs
        label={words.title}
        tabs={boardViews.map((view) => ({ href: boardHref({ ...place, view }), name: words.views[view], isCurrent: place.view === view }))}
      />
      <Detail board={board} view={place.view} />
    </>
  )
}

function Ranking({ board }: { board: Board }) {
  const { columns } = texts.board
  return (
    <Wide label={texts.board.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.rank}</th>
            <th scope="col">{columns.model}</th>
            <th scope="col">{columns.rating}</th>
            <th scope="col">{columns.interval}</th>
            <th scope="col" className={styles.spans}>
              <span className="hidden">{columns.drawn}</span>
            </th>
            <th scope="col">{columns.votes}</th>
            <th scope="col">{columns.won}</th>
          </tr>
        </thead>
        <tbody>
          {board.places.map((place) => {
            const { left, right, point } = spanOf(place, board.places)
            return (
              <tr key={place.model}>
                <td className={styles.rank}>{rankWords(place)}</td>
                <th scope="row">
                  <bdi>{place.model}</bdi>
                </th>
                <td>{Math.round(place.rating)}</td>
                <td>
                  {Math.round(place.low)} … {Math.round(place.high)}
                </td>
                <td className={styles.spans} aria-hidden="true">
                  <div className={styles.line}>
                    <span style={{ insetInlineStart: `${left}%`, width: `${right - left}%` }} />
                    <i style={{ insetInlineStart: `${point}%` }} />
                  </div>
                </td>
                <td>{formatCount(place.votes)}</td>
                <td>{Math.round(place.winRate * 100)} %</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Wide>
  )
}

function Detail({ board, view }: { board: Board; view: (typeof boardViews)[number] }) {
  const { board: words } = texts
  if (view === 'method')
    return (
      <section className={styles.method} aria-label={words.views.method}>
        {words.method.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <StyleEffects board={board} />
      </section>
    )
  if (view === 'days') {
    const days = fillDays(board.byDay).map(({ day, votes }) => ({ name: day, value: votes }))
    return days.length === 0 ? <Empty title={words.noDays} /> : <Columns label={words.daysOf} values={days} />
  }
  if (board.places.length === 0) return <Empty title={words.noDays} />
  return view === 'wins' ? (
    <HeatMap label={words.winsOf} rows={winRows(board)} />
  ) : (
    <HeatMap label={words.countsOf} rows={countRows(board)} />
  )
}

function StyleEffects({ board }: { board: Board }) {
  const { board: words } = texts
  if (board.style.length === 0) return null
  return (
    <>
      <h2>{words.styleEffects}</h2>
      <p className="quiet">{words.styleEffectsHint}</p>
      <dl className={styles.effects}>
        {board.style.map(({ element, coefficient, low, high }) => (
          <div key={element}>
            <dt>{words.elements[element] ?? element}</dt>
            <dd>
              {coefficient.toFixed(2)} ({low.toFixed(2)} … {high.toFixed(2)})
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
