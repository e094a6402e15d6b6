import { InputError } from '../errors.ts'
import { listCategories } from '../study/ratings/categories.ts'
import { type Leaderboard, rate } from '../study/ratings/leaderboard.ts'
import { readVotes } from '../study/ratings/read-votes.ts'
import { openVotes } from '../study/ratings/votes.ts'
import type { CommandModule } from './command.ts'
import { toTable } from './table.ts'

const count = (value: number) => value.toLocaleString('en')
const points = (value: number) => value.toFixed(1)

/** `colloquy study leaderboard DIR`: ratings of models from the votes of a work folder. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const [folder = ''] = operands
  const { category = 'all', rounds = 100, seed = 42, anchor, json } = settings
  const found = await readVotes(folder)
  const store = openVotes()
  store.add(found.votes)
  const columns = store.columns()
  if (anchor && !columns.models.includes(anchor.model)) {
    throw new InputError('anchor-unknown', `No vote is about '${anchor.model}'. Models: ${[...columns.models].sort().join(', ')}.`)
  }
  const board = rate(columns, {
    category,
    rounds,
    seed,
    isStyleControlled: settings['style-control'] === true,
    withNamed: settings['with-named'] === true,
    ...(settings['daily-votes'] === undefined ? {} : { dailyVotes: settings['daily-votes'] }),
    ...(anchor ? { anchor } : {}),
  })
  const whole = {
    ...board,
    excluded: { ...board.excluded, broken: found.broken },
    lengthUnit: found.lengthUnit,
    categories: listCategories(columns),
  }
  await world.print(json ? `${JSON.stringify(whole)}\n` : show(whole))
  return 0
}

type Whole = Leaderboard & {
  excluded: { broken: number }
  lengthUnit: string
  categories: { name: string; votes: number }[]
}

function show(board: Whole): string {
  const { named, capped, anomalous, broken } = board.excluded
  const rows = board.places.map(({ model, rating, low, high, rank, worstRank, votes, winRate }) => [
    model,
    rank === worstRank ? String(rank) : `${rank}–${worstRank}`,
    points(rating),
    `${points(low - rating)} / +${points(high - rating)}`,
    count(votes),
    `${(100 * winRate).toFixed(1)} %`,
  ])
  const style = board.style.map(({ element, coefficient, low, high }) => [
    element,
    coefficient.toFixed(3),
    `${low.toFixed(3)} … ${high.toFixed(3)}`,
  ])
  const out = [
    [named, 'with names shown'],
    [capped, 'over the daily cap'],
    [anomalous, `of ${count(board.anomalies.length)} voters at odds with everybody`],
    [broken, 'with a name given away or no whole answer'],
  ] as const
  const left = out.filter(([votes]) => votes > 0).map(([votes, why]) => `${count(votes)} ${why}`)
  return [
    `${count(board.votes)} votes in ${board.category}${board.isStyleControlled ? ', style controlled' : ''}${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}`,
    '',
    toTable(['model', 'rank', 'rating', '95 % interval', 'votes', 'won'], rows),
    ...(board.unrated.length > 0 ? ['', `Not rated, since no chain of wins and losses connects them: ${board.unrated.join(', ')}`] : []),
    ...(style.length > 0 ? ['', toTable(['style', 'coefficient', '95 % interval'], style), `length in ${board.lengthUnit}`] : []),
    '',
    `Categories: ${board.categories.map(({ name, votes }) => `${name} (${count(votes)})`).join(', ')}`,
    '',
  ].join('\n')
}
