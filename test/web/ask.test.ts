import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Facet } from '../../src/web/api.data.shapes.ts'
import { type Field, fieldsOf, findField, shortName } from '../../src/web/ask/fields.ts'
import { type Item, printBox, readBox } from '../../src/web/ask/items.ts'
import { suggest } from '../../src/web/ask/suggest.ts'
import { chosenValues, itemsOf, toggleItem, toggleValue } from '../../src/web/ask/toggle.ts'
import { translateBox } from '../../src/web/ask/translate.ts'
import { choicesOf } from '../../src/web/components/Facets/choices.ts'
import { barsOf, filterOf, foundOf } from '../../src/web/components/Table/bars.ts'

const value = (dtype: string) => ({ _type: 'Value', dtype })
const scores = { hate: value('float64'), 'sexual/minors': value('float64') }
const categories = { hate: value('bool'), 'sexual/minors': value('bool') }
const fields = fieldsOf([
  { name: 'conversation_id', type: value('string') },
  { name: 'model', type: value('string') },
  { name: 'conversation', type: { _type: 'List', feature: { content: value('string'), role: value('string') } } },
  { name: 'turn', type: value('int64') },
  { name: 'language', type: value('string') },
  {
    name: 'openai_moderation',
    type: { _type: 'List', feature: { categories, category_scores: scores, flagged: value('bool') } },
  },
  { name: 'redacted', type: value('bool') },
  { name: 'started_at', type: value('timestamp[ms]') },
  { name: 'outcome', type: { vote: value('string') } },
])
const ask = (text: string) => translateBox(text, fields)
const where = (text: string) => ask(text).question.where
const field = (name: string): Field => {
  const found = findField(fields, name)
  if (!found) throw new Error(`no field ${name}`)
  return found
}

test('words, phrases, beginnings and exclusions go to the search as they are, fields to the filter', () => {
  expect(ask('zebra "in africa" climat* -zoo model:vicuna-13b turns>4').question).toEqual({
    query: 'zebra "in africa" climat* -zoo',
    where: `"model" ilike 'vicuna-13b' and "turn" > 4`,
    role: '',
  })
  expect(ask('role:user sorry').question).toEqual({ query: 'sorry', where: '', role: 'user' })
})

test('fields have short names, several values, ranges, beginnings, and no', () => {
  expect(where('lang:German,French')).toBe(`("language" ilike 'German' or "language" ilike 'French')`)
  expect(where('turns:2..5')).toBe('"turn" >= 2 and "turn" <= 5')
  expect(where('turns:3')).toBe('"turn" = 3')
  expect(where('turns:1,2')).toBe('"turn" in (1, 2)')
  expect(where('messages<=2')).toBe('"conversation.length" <= 2')
  expect(where('model:vicuna*')).toBe(`"model" ilike 'vicuna%'`)
  expect(where('model:gpt_4')).toBe(`"model" = 'gpt_4'`)
  expect(where('-lang:English')).toBe(`not ("language" ilike 'English')`)
  expect(where('outcome.vote:leftvote')).toBe(`"outcome.vote" ilike 'leftvote'`)
  expect(where('redacted:yes')).toBe('"redacted" = true')
})

test('moderation is asked by flag, category and score', () => {
  expect(where('flagged:yes')).toBe('"openai_moderation.flagged" = true')
  expect(where('flagged:Sexual/Minors')).toBe('"openai_moderation.categories.sexual/minors" = true')
  expect(where('score.hate>0.5')).toBe('"openai_moderation.category_scores.hate" > 0.5')
})

test('a kind of replacement tag is looked for by its first tag', () => {
  expect(ask('tag:email').question.query).toBe('EMAIL_1')
  expect(ask('tag:NAME_3 -tag:PHONE').question.query).toBe('NAME_3 -PHONE_1')
})

test('a day, a month and a year are spans of time', () => {
  expect(where('date:2023-08-31')).toBe(`"started_at" >= '2023-08-31' and "started_at" < '2023-09-01'`)
  expect(where('date:2023-12')).toBe(`"started_at" >= '2023-12-01' and "started_at" < '2024-01-01'`)
  expect(where('date:2023-04..2023-05')).toBe(`"started_at" >= '2023-04-01' and "started_at" < '2023-06-01'`)
  expect(where('date>2023-08-01')).toBe(`"started_at" >= '2023-08-02'`)
  expect(ask('date:2023-02-30').problems[0]?.isFatal).toBe(true)
})

test('what cannot be asked is told with the way out', () => {
  const wrong = (text: string) =>
    ask(text)
      .problems.map(({ message }) => message)
      .join(' ')
  expect(wrong('turns>many')).toContain('“many” cannot stand behind turns')
  expect(wrong('modle:gpt-4')).toContain('Did you mean model:')
  expect(wrong('-zebra')).toContain('Add a word that must occur')
  expect(wrong('role:user')).toContain('Add a word')
  expect(wrong('flagged:rude')).toContain('sexual/minors')
  expect(ask('note:hello').problems).toMatchObject([{ isFatal: false }])
  expect(ask('note:hello').question.query).toBe('note:hello')
  expect(ask('https://example.org std::vector a<b').problems.filter(({ isFatal }) => isFatal)).toEqual([])
})

test('values cannot leave their quotes', () => {
  expect(where(`model:"it's"`)).toBe(`"model" ilike 'it''s'`)
  fc.assert(
    fc.property(fc.string(), (text) => {
      const items: Item[] = [{ kind: 'field', field: 'model', test: { op: 'is', values: [text] }, isExcluded: false }]
      const condition = where(printBox(items))
      return (
        condition
          .replace(/'(?:[^']|'')*'/g, '')
          .replace(/"model" (ilike|=) |\("model" is null or | is not null|"model"|\)/g, '')
          .trim() === ''
      )
    }),
  )
})

const word = fc.stringMatching(/^[\p{L}\p{N}]{1,8}\*?$/u)
const item = fc.oneof(
  fc.record({ kind: fc.constant('word' as const), text: word, isExcluded: fc.boolean() }),
  fc.record({
    kind: fc.constant('phrase' as const),
    text: fc.stringMatching(/^[\p{L}:,<-]{1,5}( [\p{L}]{1,5})?$/u),
    isExcluded: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('field' as const),
    field: fc.constantFrom('model', 'lang', 'turns', 'openai_moderation.length'),
    test: fc.oneof(
      fc.record({
        op: fc.constant('is' as const),
        values: fc.array(
          fc.string().filter((text) => !text.includes('..')),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      fc.record({ op: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const), value: fc.stringMatching(/^\d{1,4}$/) }),
      fc.record({ op: fc.constant('between' as const), low: fc.stringMatching(/^\d{1,4}$/), high: fc.stringMatching(/^\d{0,4}$/) }),
    ),
    isExcluded: fc.boolean(),
  }),
)

test('a box that is printed reads back as it was', () => {
  fc.assert(
    fc.property(fc.array(item), (items) => {
      expect(itemsOf(printBox(items), fields)).toEqual(items)
    }),
  )
})

test('no text makes the box fail, and the places of its items are theirs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      translateBox(text, fields)
      const placed = readBox(text, (name) => findField(fields, name) !== undefined)
      return placed.every(({ start, end }, index) => start < end && end <= text.length && start >= (placed[index - 1]?.end ?? 0))
    }),
  )
})

test('a value is added to its field and taken away again, the rest stays', () => {
  const model = { field: field('model'), name: shortName(field('model')), value: 'koala-13b' }
  const one = toggleValue('zebra model:vicuna-13b -zoo', fields, model)
  expect(one).toBe('zebra model:vicuna-13b,koala-13b -zoo')
  expect(chosenValues(one, fields, field('model'))).toEqual(['vicuna-13b', 'koala-13b'])
  expect(toggleValue(one, fields, model)).toBe('zebra model:vicuna-13b -zoo')
  expect(toggleValue('lang:German', fields, { field: field('language'), name: 'lang', value: 'german' })).toBe('')
  const turns = { field: field('turn'), name: 'turns', value: '1..4' }
  expect(toggleValue('zebra turns>3', fields, turns)).toBe('zebra turns:1..4')
  expect(chosenValues('turns:1..4', fields, field('turn'))).toEqual(['1..4'])
  expect(toggleValue('zebra turns:1..4', fields, turns)).toBe('zebra')
  const range: Item = { kind: 'field', field: 'turns', test: { op: 'between', low: '2', high: '5' }, isExcluded: false }
  expect(toggleItem('zebra turns>3', fields, range)).toBe('zebra turns:2..5')
  expect(toggleItem('zebra turns:2..5', fields, range)).toBe('zebra')
})

test('suggestions go on from the caret: fields by their beginning, values with counts', () => {
  const valuesOf = () => [
    { value: 'German', count: 5 },
    { value: 'Upper Sorbian', count: 2 },
  ]
  const [first] = suggest({ text: 'zebra la', caret: 8, fields, valuesOf })
  expect(first).toMatchObject({ insert: 'lang:', start: 6, end: 8 })
  expect(suggest({ text: 'lang:ger', caret: 8, fields, valuesOf })).toMatchObject([
    { insert: 'lang:German ', label: 'German', detail: '5' },
  ])
  expect(suggest({ text: 'lang:German,upp', caret: 15, fields, valuesOf })[0]?.insert).toBe('lang:German,"Upper Sorbian" ')
  expect(suggest({ text: '"an open phrase', caret: 3, fields, valuesOf })).toEqual([])
})

test('the server’s facets become groups of the box’s fields, moderation as one', () => {
  const groups = choicesOf(
    [
      { column: 'openai_moderation.categories.hate', label: 'hate', kind: 'flag', values: [{ value: true, count: 3 }] },
      {
        column: 'openai_moderation.flagged',
        label: 'flagged',
        kind: 'flag',
        values: [
          { value: false, count: 9 },
          { value: true, count: 4 },
        ],
      },
      { column: 'turn', label: 'turn', kind: 'range', values: [{ value: 1, to: 4, count: 7 }] },
      { column: 'model', label: 'model', kind: 'value', values: [{ value: 'a', count: 13 }] },
      { column: 'openai_moderation.length', label: 'again', kind: 'range', values: [{ value: 1, count: 7 }] },
      { column: 'unknown', label: 'unknown', kind: 'value', values: [{ value: 'a', count: 13 }] },
    ],
    fields,
  )
  expect(groups.map(({ field: own, values }) => [own.name, values.map((one) => one.value)])).toEqual([
    ['model', ['a']],
    ['turn', ['1..4']],
    ['flagged', ['yes', 'no', 'hate']],
  ])
})

test('a bar over a column becomes a condition of the box', () => {
  const turns = barsOf({
    column_name: 'turn',
    column_type: 'int',
    column_statistics: { histogram: { hist: [5, 3], bin_edges: [1, 3, 5] } },
  })
  expect(turns.map(({ label, range }) => [label, range])).toEqual([
    ['1 – 2', { low: 1, high: 2 }],
    ['3 – 5', { low: 3, high: 5 }],
  ])
  const [first] = turns
  expect(first && filterOf(first, fields)).toMatchObject({ kind: 'item', item: { field: 'turns', test: { low: '1', high: '2' } } })
  const [flag] = barsOf({ column_name: 'redacted', column_type: 'bool', column_statistics: { frequencies: { True: 2 } } })
  expect(flag && filterOf(flag, fields)).toMatchObject({ kind: 'value', name: 'redacted', value: 'yes' })
  const [long] = barsOf({
    column_name: 'model',
    column_type: 'string_text',
    column_statistics: { histogram: { hist: [1], bin_edges: [1, 2] } },
  })
  expect(long && filterOf(long, fields)).toBeUndefined()
})

test('a bar tells how many of the found rows it has, where their counts tell', () => {
  const [english, german] = barsOf({
    column_name: 'language',
    column_type: 'string_label',
    column_statistics: { frequencies: { English: 5, German: 3 } },
  })
  const languages: Facet = { column: 'language', label: 'language', kind: 'value', values: [{ value: 'English', count: 2 }] }
  expect(english && foundOf(english, [languages])).toBe(2)
  expect(german && foundOf(german, [languages])).toBeUndefined()
  expect(english && foundOf(english, [])).toBeUndefined()
  const statistics = { column_name: 'turn', column_type: 'int', column_statistics: { histogram: { hist: [5, 3], bin_edges: [1, 3, 5] } } }
  const [few, many] = barsOf(statistics)
  const turns = (...values: Facet['values']): Facet[] => [{ column: 'turn', label: 'turn', kind: 'range', values }]
  const counted = turns({ value: 1, count: 2 }, { value: 2, to: 2, count: 1 }, { value: 3, to: 5, count: 1 })
  expect([few && foundOf(few, counted), many && foundOf(many, counted)]).toEqual([3, 1])
  // A range that lies across two bars is of neither.
  expect(few && foundOf(few, turns({ value: 1, to: 4, count: 7 }))).toBeUndefined()
  const [flag] = barsOf({ column_name: 'redacted', column_type: 'bool', column_statistics: { frequencies: { True: 2 } } })
  expect(flag && foundOf(flag, [{ column: 'redacted', label: 'redacted', kind: 'flag', values: [{ value: true, count: 1 }] }])).toBe(1)
})
