import { expect, test } from 'vitest'
import { readSentences } from '../../../scripts/train-moderation/sentences.ts'
import { categories } from '../../../src/curate/moderation/categories.ts'
import { createClassifier } from '../../../src/curate/moderation/classifier.ts'
import { averagePrecision, rocArea } from '../../../src/curate/moderation/metrics.ts'
import { readModel } from '../../../src/curate/moderation/model.ts'

const moderate = createClassifier(readModel())

/** The texts of a file that training does not see, with what the shipped weights make of them. */
function judge(file: string) {
  const folder = new URL('../../../scripts/train-moderation/', import.meta.url)
  return readSentences(new URL(file, folder), { set: file, weight: 1 }, 'test').map(({ text, targets }) => {
    const answer = moderate(text)
    const truth = (target: number | undefined) => (target !== undefined && target >= 0.5 ? true : target === 0 ? false : undefined)
    return { text, answer, top: Math.max(...Object.values(answer.category_scores)), any: truth(targets.at(-1)), targets }
  })
}

type Case = ReturnType<typeof judge>[number]

const scored = (cases: readonly Case[]) => cases.flatMap(({ top, any }) => (any === undefined ? [] : [{ score: top, isPositive: any }]))
const shareFlagged = (cases: readonly Case[]) => cases.filter(({ answer }) => answer.flagged).length / cases.length
const recallOf = (cases: readonly Case[], name: (typeof categories)[number]) => {
  const real = cases.filter(({ targets }) => (targets[categories.indexOf(name)] ?? 0) >= 0.5)
  return real.filter(({ answer }) => answer.categories[name]).length / real.length
}

test('tells stories, confessions, posts and prompts from what looks like them', () => {
  const cases = judge('check.txt')
  expect(averagePrecision(scored(cases))).toBeGreaterThan(0.83)
  expect(shareFlagged(cases.filter(({ any }) => any === false))).toBeLessThan(0.12)
  expect(recallOf(cases, 'self-harm')).toBeGreaterThan(0.3)
})

test('tells toxic comments from blunt and angry ones', () => {
  const cases = judge('check-comments.txt')
  expect(rocArea(scored(cases))).toBeGreaterThan(0.88)
  expect(averagePrecision(scored(cases))).toBeGreaterThan(0.86)
  expect(shareFlagged(cases.filter(({ any }) => any === false))).toBeLessThan(0.2)
})

test('finds a good part of what is said quietly about self-harm', () => {
  const cases = judge('check-self-harm.txt')
  expect(recallOf(cases, 'self-harm')).toBeGreaterThan(0.35)
  expect(recallOf(cases, 'self-harm/intent')).toBeGreaterThan(0.35)
  expect(shareFlagged(cases.filter(({ any }) => any === false))).toBeLessThan(0.2)
})

const words = (change: (word: string) => string) => (text: string) => text.replace(/[A-Za-z]{3,}/g, change)
const letters = (table: Record<string, string>) =>
  words((word) => [...word].map((letter) => table[letter.toLowerCase()] ?? letter).join(''))

test.each([
  ['capitals', (text: string) => text.toUpperCase(), 0.99],
  ['l33t', letters({ a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' }), 0.9],
  ['look-alike letters', letters({ a: 'а', e: 'е', o: 'о', c: 'с', p: 'р', x: 'х', y: 'у', i: 'і', s: 'ѕ' }), 0.9],
  ['letters spaced out', words((word) => (word.length > 3 ? [...word].join(' ') : word)), 0.75],
  ['dots between letters', words((word) => [...word].join('.')), 0.85],
  ['asterisks for vowels', words((word) => (word.length > 3 ? word.replace(/(?<=.)[aeiou]/i, '*') : word)), 0.7],
  ['I for l', letters({ l: 'I' }), 0.9],
  ['zero-width characters', words((word) => [...word].join('\u200b')), 0.99],
] as const)('what is flagged stays flagged in %s, and what is clean stays clean', (_, disguise, share) => {
  const cases = ['check.txt', 'check-comments.txt', 'check-self-harm.txt'].flatMap(judge)
  const flagged = cases.filter(({ any, answer }) => any === true && answer.flagged)
  const clean = cases.filter(({ any, answer }) => any === false && !answer.flagged)
  const isFlagged = ({ text }: Case) => moderate(disguise(text)).flagged
  expect(flagged.filter(isFlagged).length / flagged.length).toBeGreaterThan(share)
  expect(clean.filter(isFlagged).length / clean.length).toBeLessThan(0.13)
})
