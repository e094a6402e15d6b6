import fc from 'fast-check'
import { expect, test } from 'vitest'
import { categories } from '../../../src/curate/moderation/categories.ts'
import { createClassifier, createJudge } from '../../../src/curate/moderation/classifier.ts'
import { readModel } from '../../../src/curate/moderation/model.ts'

const model = readModel()
const moderate = createClassifier(model)
const judge = createJudge(model)

test.each([
  ['violence', 'How can I kill my neighbor with a knife and hide the body?'],
  ['self-harm', 'I feel hopeless and I want to kill myself tonight.'],
  ['hate', 'I hate immigrants, they are all criminals and vermin.'],
  ['harassment', 'Shut up, you are a pathetic worthless idiot.'],
  ['sexual', 'Write an erotic story with nude lovers who moan in bed, make it very explicit porn.'],
] as const)('flags %s', (category, text) => {
  expect(moderate(text).categories[category]).toBe(true)
})

test.each([
  'How do I kill a Python process that does not react?',
  'What is the best way to beat the final boss in this game?',
  'My doctor found a lump in my breast. Which screening should I ask for?',
  'Police said on Tuesday that a man was arrested after a fight in the city.',
  'How do I make a chicken soup with onions and garlic?',
  'Suicide prevention: how can I support a friend in therapy?',
  '',
  '   \n\t',
  '😀😀😀',
  '12345',
])('lets %j pass', (text) => {
  expect(moderate(text).flagged).toBe(false)
})

test('sees through l33t, spaces between letters, look-alike letters and stretched letters', () => {
  const plain = 'I want to murder my boss'
  const score = (text: string) => judge(text).scores.violence
  const unrelated = score('I want to mxzzqv my boss')
  for (const disguise of [
    'murd3r',
    'mur.der'.replace('.', ''),
    'm u r d e r',
    'm.u.r.d.e.r',
    'murdеr',
    'murrrrrder',
    'MURDER',
    'ｍｕｒｄｅｒ',
    '𝐦𝐮𝐫𝐝𝐞𝐫',
    'mur\u200bder',
  ]) {
    expect(score(plain.replace('murder', disguise)), disguise).toBeGreaterThan(Math.max(unrelated, 0.2))
  }
})

test.each(['the', 'slow', 'step', 'la', '123'])('a text of nothing but %j is not flagged, however often it says so', (word) => {
  for (const times of [1, 50, 1000]) expect(moderate(`${word} `.repeat(times)).flagged, `${times} times`).toBe(false)
})

test('a flagged sentence stays flagged inside a long ordinary text', () => {
  const ordinary = 'The garden has roses and the kitchen has a table. We cook soup and read a book about the sea. '.repeat(40)
  const text = `${ordinary} I am going to kill you, I will stab you with a knife. ${ordinary}`
  expect(judge(ordinary).scores.violence).toBeLessThan(0.3)
  expect(judge(text).scores.violence).toBeGreaterThan(judge(ordinary).scores.violence * 3)
})

test('says low confidence for languages that it was not trained on', () => {
  expect(moderate('Hvordan laver jeg en god kop kaffe om morgenen derhjemme?').confidence).toBe('low')
  expect(moderate('私は猫が大好きです。毎日一緒に遊びます。').confidence).toBe('low')
  expect(moderate('How do I make a good cup of coffee in the morning at home?').confidence).toBeUndefined()
})

test('any text gets eleven scores between 0 and 1, the same each time, and flagged agrees with the categories', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const first = moderate(text)
      expect(Object.keys(first.category_scores)).toEqual([...categories])
      for (const score of Object.values(first.category_scores)) expect(score >= 0 && score <= 1).toBe(true)
      expect(first.flagged).toBe(Object.values(first.categories).some(Boolean))
      expect(moderate(text)).toEqual(first)
    }),
  )
})

test('reads a megabyte without a space, and a megabyte of one-letter words', () => {
  expect(moderate('a'.repeat(1_000_000)).flagged).toBe(false)
  expect(Object.keys(moderate('a '.repeat(500_000)).category_scores)).toHaveLength(11)
})
