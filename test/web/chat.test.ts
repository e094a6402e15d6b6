import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Board, Conversation, Model, Turn } from '../../src/web/api.chat.shapes.ts'
import { adviceOf, knownCodes } from '../../src/web/chat/advice.ts'
import { mayVote, namesOf, winnerOfKey } from '../../src/web/chat/ballot.ts'
import { countRows, fillDays, rankWords, spanOf, winRows } from '../../src/web/chat/board.ts'
import { newKey, openDrafts } from '../../src/web/chat/drafts.ts'
import { boundsOf, chooseModel, readBounded } from '../../src/web/chat/parameters.ts'
import { leafOf, pathOf, withTurn } from '../../src/web/chat/path.ts'
import { categoryName, formatMs, formatTime } from '../../src/web/chat/words.ts'
import { boardHref } from '../../src/web/route.chat.ts'
import { readPlace } from '../../src/web/route.ts'

const answer = (status: Turn['answers'][number]['status'] = 'done'): Turn['answers'][number] => ({
  text: 'x',
  status,
  finish: null,
  error: null,
  timing: null,
  verdict: null,
  isFlagged: false,
  categories: [],
})
const turn = (id: string, parent: string | null, answers = [answer()]): Turn => ({
  id,
  parent,
  prompt: id,
  createdAt: '',
  status: 'done',
  notice: null,
  answers,
})
/** a → b → c, and b2 as another version of b with d after it. */
const turns = [turn('a', null), turn('b', 'a'), turn('c', 'b'), turn('b2', 'a'), turn('d', 'b2')]

test('the path to the head is shown, with the versions of each turn', () => {
  const shown = (head: string | null) => pathOf(turns, head).map((step) => [step.turn.id, step.branch, step.branches.length])
  expect(shown('c')).toEqual([
    ['a', 0, 1],
    ['b', 0, 2],
    ['c', 0, 1],
  ])
  expect(shown('d')).toEqual([
    ['a', 0, 1],
    ['b2', 1, 2],
    ['d', 0, 1],
  ])
  expect([shown(null), shown('gone')]).toEqual([[], []])
})

test('a branch is shown down to its newest turn, and a circle ends', () => {
  expect([leafOf(turns, 'a'), leafOf(turns, 'b'), leafOf(turns, 'd')]).toEqual(['d', 'c', 'd'])
  const circle = [turn('x', 'y'), turn('y', 'x')]
  expect([leafOf(circle, 'x'), pathOf(circle, 'x').map((step) => step.turn.id)]).toEqual(['y', ['y', 'x']])
})

test('a turn takes its own place, or the end', () => {
  expect(withTurn(turns, turn('b', 'z')).map(({ id, parent }) => id + parent)).toEqual(['anull', 'bz', 'cb', 'b2a', 'db2'])
  expect(withTurn([], turn('n', null)).length).toBe(1)
})

test('drafts and unanswered prompts survive, and broken ones are no prompts', () => {
  const kept = new Map<string, string>()
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  const drafts = openDrafts(store)
  const sent = { key: newKey(), prompt: 'p', parent: null, parameters: { temperature: 1, topP: 1, maxTokens: 9 } }
  drafts.write('c', 'half a sent')
  drafts.writeSent('c', sent)
  expect([openDrafts(store).read('c'), openDrafts(store).readSent('c')]).toEqual(['half a sent', sent])
  drafts.write('c', '')
  drafts.writeSent('c', undefined)
  expect(kept.size).toBe(0)
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      kept.set('colloquy.draft.c.sent', text)
      const read = drafts.readSent('c')
      expect(read === undefined || typeof read.prompt === 'string').toBe(true)
    }),
  )
  const broken = openDrafts({
    ...store,
    getItem: () => {
      throw new Error('no storage')
    },
  })
  expect([broken.read('c'), broken.readSent('c')]).toEqual(['', undefined])
})

test('keys of turns are as the server wants them', () => {
  expect(newKey()).toMatch(/^[A-Za-z0-9_-]{8,64}$/)
  expect(newKey()).not.toBe(newKey())
})

const battle = (given: Partial<Conversation>): Conversation => ({
  id: 'i',
  kind: 'battle',
  models: [],
  keep: true,
  title: '',
  createdAt: '',
  updatedAt: '',
  head: null,
  vote: null,
  share: null,
  parameters: { temperature: 1, topP: 1, maxTokens: 9 },
  turns: [],
  ...given,
})

test('a vote may be cast once both answers have ended, and once only', () => {
  const both = battle({ head: 'a', turns: [turn('a', null, [answer(), answer('failed')])] })
  expect(mayVote(both, false)).toBe(true)
  expect(mayVote(both, true)).toBe(false)
  expect(mayVote(battle({ head: 'a', turns: [turn('a', null, [answer(), answer('streaming')])] }), false)).toBe(false)
  expect(mayVote(battle({}), false)).toBe(false)
  expect(mayVote({ ...both, vote: { winner: 'tie', votedAt: '', counts: true, exclusion: null } }, false)).toBe(false)
})

test('names are hidden before the vote, and keys vote', () => {
  expect(namesOf(battle({}), ['A', 'B'])).toEqual(['A', 'B'])
  expect(namesOf(battle({ models: ['x', 'y'] }), ['A', 'B'])).toEqual(['A: x', 'B: y'])
  expect(namesOf(battle({ kind: 'compare', models: ['x', 'y'] }), ['A', 'B'])).toEqual(['x', 'y'])
  expect(['a', 'B', 't', 'X', 'q'].map(winnerOfKey)).toEqual(['left', 'right', 'tie', 'both-bad', undefined])
})

const board: Pick<Board, 'matrix'> = {
  matrix: {
    models: ['p', 'q', 'r'],
    wins: [
      [0, 3, 0],
      [1, 0, 0],
      [0, 0, 0],
    ],
    ties: [
      [0, 2, 0],
      [2, 0, 0],
      [0, 0, 0],
    ],
  },
}

test('heat maps say shares of won votes and numbers of votes of each pair', () => {
  expect(winRows(board).map(({ cells }) => cells.map((cell) => cell?.words))).toEqual([
    [undefined, '75', undefined],
    ['25', undefined, undefined],
    [undefined, undefined, undefined],
  ])
  expect(winRows(board)[0]?.cells[1]).toEqual({ words: '75', title: 'p – q: 3 won, 1 lost', strength: 0.5 })
  expect(countRows(board)[1]?.cells[0]).toEqual({ words: '6', title: 'q – p: 6 votes, 2 of them ties', strength: 1 })
})

test('intervals are drawn within the line, and ranks as ranges', () => {
  const place = (rating: number, low: number, high: number) => ({
    model: 'm',
    rating,
    low,
    high,
    rank: 1,
    worstRank: 2,
    votes: 1,
    winRate: 0,
  })
  const places = [place(1100, 1050, 9000), place(900, -5000, 950)]
  for (const one of places) {
    const { left, right, point } = spanOf(one, places)
    expect([left >= 0, left <= point, point <= right, right <= 100]).toEqual([true, true, true, true])
  }
  expect([rankWords(place(1, 1, 1)), rankWords({ ...place(1, 1, 1), worstRank: 1 })]).toEqual(['1–2', '1'])
})

test('days without votes are days of none', () => {
  expect(
    fillDays([
      { day: '2026-02-27', votes: 2 },
      { day: '2026-03-01', votes: 1 },
    ]),
  ).toEqual([
    { day: '2026-02-27', votes: 2 },
    { day: '2026-02-28', votes: 0 },
    { day: '2026-03-01', votes: 1 },
  ])
  expect([
    fillDays([]),
    fillDays(
      [
        { day: '2020-01-01', votes: 1 },
        { day: '2026-03-01', votes: 1 },
      ],
      30,
    ).length,
  ]).toEqual([[], 30])
})

const model = (name: string, status: Model['status']): Model => ({
  name,
  status,
  description: null,
  isDemonstration: false,
  licence: null,
  card: null,
  price: null,
  defaults: { temperature: 1, topP: 1, maxTokens: 9 },
  limits: { maxTokens: 100 },
})

test('the wanted model is chosen while it can be used', () => {
  const models = [model('down', 'down'), model('busy', 'busy'), model('up', 'up')]
  expect(['', 'busy', 'down', 'gone'].map((wanted) => chooseModel(models, wanted)?.name)).toEqual(['up', 'busy', 'up', 'up'])
  expect(chooseModel([model('down', 'down')], 'down')).toBeUndefined()
})

test('parameters stay within their bounds', () => {
  const { temperature, maxTokens } = boundsOf(model('m', 'up'))
  expect(['0.5', '-1', '7', '', 'x'].map((text) => readBounded(text, 1, temperature))).toEqual([0.5, 0, 2, 1, 1])
  expect(['50.4', '1e9', '0'].map((text) => readBounded(text, 1, maxTokens))).toEqual([50, 100, 1])
})

test('the address says the page and what it shows', () => {
  expect(readPlace('/chat', '')).toEqual({ page: 'chat', conversation: '' })
  expect(readPlace('/chat/ab-1', '')).toEqual({ page: 'chat', conversation: 'ab-1' })
  expect(readPlace('/chat/shared/s1', '')).toEqual({ page: 'shared', share: 's1' })
  expect(readPlace('/arena', '?named=true')).toEqual({ page: 'arena', conversation: '', isNamed: true })
  const place = { page: 'leaderboard', category: 'language:German', isStyleControlled: true, view: 'days' } as const
  const href = boardHref(place)
  expect(readPlace('/leaderboard', href.slice(href.indexOf('?')))).toEqual(place)
  expect(boardHref({ category: 'all', isStyleControlled: false, view: 'wins' })).toBe('/leaderboard')
  expect(readPlace('/operator', '?minutes=99999')).toEqual({ page: 'operator', minutes: 60 })
  expect([readPlace('/withdraw', '').page, readPlace('/withdraw/x', '').page, readPlace('/chat/a/b', '').page]).toEqual([
    'withdraw',
    'unknown',
    'unknown',
  ])
})

test('advice is on codes that the API documents, and on no others', () => {
  const page = readFileSync(new URL('../../docs/collect.md', import.meta.url), 'utf8')
  expect(knownCodes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
})

test('words for times, categories and refusals', () => {
  expect([formatTime('2026-03-01T12:34:56.000Z'), formatTime('soon')]).toEqual(['2026-03-01 12:34 UTC', ''])
  expect([formatMs(null), formatMs(340.4), formatMs(1240)]).toEqual(['–', '340 ms', '1.2 s'])
  expect(['all', 'language:Thai', 'toString'].map((name) => categoryName(name, { all: 'everything' }))).toEqual([
    'everything',
    'Thai',
    'toString',
  ])
  expect([adviceOf('consent-required').isConsent, adviceOf('rate-limited').isConsent, adviceOf('constructor').words]).toEqual([
    true,
    false,
    '',
  ])
})
