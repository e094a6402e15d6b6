import { InputError } from '../../errors.ts'
import { facts, type VoteColumns } from './votes.ts'

/** A category of votes, with how many votes whose names were hidden are in it. Names: `all`, `hard`, `coding`, `language:English`. */
export interface Category {
  name: string
  votes: number
}

/** Every category that has votes: all, hard prompts, coding, then languages by their number of votes. */
export function listCategories(votes: VoteColumns): Category[] {
  const counts = new Map([
    ['all', 0],
    ['hard', 0],
    ['coding', 0],
  ])
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const [vote, held] of votes.facts.entries()) {
    if (!(held & facts.anonymous)) continue
    add('all')
    if (held & facts.hard) add('hard')
    if (held & facts.coding) add('coding')
    const language = votes.languages[votes.language[vote] ?? -1]
    if (language !== undefined) add(`language:${language}`)
  }
  const found = [...counts].map(([name, count]) => ({ name, votes: count })).filter((one) => one.votes > 0 || one.name === 'all')
  const languages = found.filter(({ name }) => name.startsWith('language:')).sort((x, y) => y.votes - x.votes || (x.name < y.name ? -1 : 1))
  return [...found.filter(({ name }) => !name.startsWith('language:')), ...languages]
}

/**
 * Whether a vote, by its row, is in the category.
 * @throws InputError `category-unknown`
 */
export function readCategory(name: string, votes: VoteColumns): (vote: number) => boolean {
  if (name === 'all') return () => true
  if (name === 'hard' || name === 'coding') return (vote) => ((votes.facts[vote] ?? 0) & facts[name]) !== 0
  const language = name.startsWith('language:') ? votes.languages.indexOf(name.slice('language:'.length)) : -1
  if (language < 0) {
    const known = listCategories(votes).map((one) => one.name)
    throw new InputError('category-unknown', `There is no category '${name}' among these votes. Categories: ${known.join(', ')}.`)
  }
  return (vote) => votes.language[vote] === language
}
