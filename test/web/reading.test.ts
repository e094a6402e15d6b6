import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cardUrl, chatUrl, splitCard } from '../../src/web/card.ts'
import { isFlagged, previewOf, readConversation } from '../../src/web/conversation.ts'
import { markText, mayHoldMaths, normalizeMaths } from '../../src/web/marks.ts'
import { compareHref, diffHref, statisticsHref } from '../../src/web/route.data.ts'
import { localPath, readPlace, viewHref } from '../../src/web/route.ts'
import { snippetsOf } from '../../src/web/snippets.ts'
import { MAX_HEIGHT, scrollTopOf, windowAt } from '../../src/web/window.ts'

test('a conversation is read with moderation beside its messages', () => {
  const found = readConversation({
    conversation: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'No' },
    ],
    openai_moderation: [
      { flagged: false, categories: { hate: false }, category_scores: { hate: 0.1, violence: 0.4 } },
      { flagged: true, categories: { hate: true }, category_scores: { hate: 0.9 } },
    ],
    model: 'm',
    turn: 1,
  })
  expect(found?.messages.map(({ role, moderation }) => [role, moderation?.isFlagged, moderation?.categories])).toEqual([
    ['user', false, []],
    ['assistant', true, ['hate']],
  ])
  expect(found?.messages[0]?.moderation?.scores).toEqual([
    ['violence', 0.4],
    ['hate', 0.1],
  ])
  expect(found?.facts).toEqual([
    ['model', 'm'],
    ['turn', '1'],
  ])
})

test('ShareGPT rows are read by their own words, and rows without messages are none', () => {
  const row = {
    conversations: [
      { from: 'human', value: 'Hi' },
      { from: 'gpt', value: 'Hello' },
    ],
  }
  expect(readConversation(row)?.messages.map(({ role, content }) => `${role}: ${content}`)).toEqual(['user: Hi', 'assistant: Hello'])
  expect(previewOf(row.conversations)).toBe('Hi')
  expect(readConversation({ text: 'alone', list: [1, 2] })).toBeUndefined()
})

test('no row makes the reader throw', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (row) => typeof isFlagged(row) === 'boolean'))
})

test('marked stretches are the text again, controls by their names', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }), (text, hits) => {
      const joined = markText(text, hits)
        .map((one) => one.text)
        .join('')
      const controls = markText(text, []).filter((one) => one.kind === 'control').length
      return joined.length >= text.length - controls && !/[\u202a-\u202e\u2066-\u2069]/.test(joined)
    }),
  )
  expect(markText('Ask NAME_1 about \u202eabc', ['ABOUT'])).toEqual([
    { text: 'Ask ', kind: 'plain' },
    { text: 'NAME_1', kind: 'tag', label: 'name' },
    { text: ' ', kind: 'plain' },
    { text: 'about', kind: 'hit' },
    { text: ' ', kind: 'plain' },
    { text: 'U+202E', kind: 'control' },
    { text: 'abc', kind: 'plain' },
  ])
})

test('a hit is a whole word where its script has spaces, and a known tag carries its kind', () => {
  const kinds = (text: string, hits: string[]) =>
    markText(text, hits)
      .filter(({ kind }) => kind === 'hit')
      .map((one) => one.text)
  expect(kinds('in within In', ['in'])).toEqual(['in', 'In'])
  expect(kinds('我在模型中', ['模型'])).toEqual(['模型'])
  expect(kinds('c++ and c', ['c++'])).toEqual(['c++'])
  const known = new Map([['PROJECT_1', 'PROJECT']])
  expect(markText('Use PROJECT_1 at COORDINATES_2, not PROJECT_12', [], known).filter(({ kind }) => kind === 'tag')).toEqual([
    { text: 'PROJECT_1', kind: 'tag', label: 'project' },
    { text: 'COORDINATES_2', kind: 'tag', label: 'coordinates' },
  ])
})

test('language, tokens and replacements of each message are read where the release carries them', () => {
  const found = readConversation({
    conversation: [
      { role: 'user', content: 'Hola PROJECT_1' },
      { role: 'assistant', content: 'Hi' },
    ],
    message_languages: ['Spanish', 'English'],
    tokens: [3, 1],
    redactions: [{ message: 0, kind: 'PROJECT', replacement: 'PROJECT_1' }],
    outcome: { vote: 'upvote', flagged: null },
  })
  expect(found?.messages.map(({ language, tokens, redactions }) => [language, tokens, redactions.length])).toEqual([
    ['Spanish', 3, 1],
    ['English', 1, 0],
  ])
  expect(found?.facts).toEqual([['outcome.vote', 'upvote']])
})

test('maths of models become dollars, code and money stay', () => {
  expect(normalizeMaths('so \\(x^2\\) and `\\(y\\)`')).toBe('so $$x^2$$ and `\\(y\\)`')
  expect(normalizeMaths('```\n\\[x\\]\n```')).toBe('```\n\\[x\\]\n```')
  expect(mayHoldMaths('from $5 to $10')).toBe(false)
})

test('links lead to the web or to the dataset, never to code', () => {
  for (const url of ['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'java\nscript:x']) {
    expect(chatUrl(url)).toBe('')
    expect(cardUrl(url, 'a/b', 'main')).toBe('')
  }
  expect(chatUrl('https://example.org/a')).toBe('https://example.org/a')
  expect(cardUrl('figures/x.svg', 'a/b', 'c0')).toBe('/datasets/a/b/resolve/c0/figures/x.svg')
  expect(cardUrl('../../../api/logout', 'a/b', 'c0')).toBe('')
  expect(cardUrl('//elsewhere.org/x', 'a/b', 'c0')).toBe('')
  expect(splitCard('---\nlicense: other\n---\n# Title<!-- made -->')).toEqual({ head: 'license: other', text: '# Title' })
})

test('an address says all of a view, and reads back as it was written', () => {
  const text = fc.string({ unit: 'grapheme' })
  const number = fc.option(fc.nat())
  const view = fc.record({
    config: text,
    split: text,
    revision: text,
    query: text,
    where: text,
    orderby: text,
    row: number,
    message: number,
    layout: text,
    part: number,
    hide: text,
    sample: number,
    seed: number,
  })
  fc.assert(
    fc.property(view, (given) => {
      for (const [page, href] of [
        ['viewer', viewHref('ns/name', given)],
        ['statistics', statisticsHref('ns/name', given)],
      ] as const) {
        const url = new URL(href, 'http://hub.test')
        expect(readPlace(url.pathname, url.search)).toEqual({ page, dataset: 'ns/name', ...given })
      }
    }),
  )
  const compared = { config: 'c', split: 's', revision: 'r', row: 7, hide: 'a,b' }
  const url = new URL(compareHref('ns/name', compared), 'http://hub.test')
  expect(readPlace(url.pathname, url.search)).toEqual({ page: 'compare', dataset: 'ns/name', ...compared })
  const two = { config: '', split: '', base: 'v1', head: 'main', kind: 'added', from: 100, id: 'x&y' }
  const other = new URL(diffHref('ns/name', two), 'http://hub.test')
  expect(readPlace(other.pathname, other.search)).toEqual({ page: 'diff', dataset: 'ns/name', ...two })
  expect(readPlace('/datasets/a/b/viewer', '?row=-1&message=x')).toMatchObject({ row: null, message: null })
  expect(readPlace('/nowhere', '').page).toBe('unknown')
})

test('after signing in nobody is led to another site', () => {
  for (const path of ['//evil.org', '/\\evil.org', 'https://evil.org', 'javascript:alert(1)', '/\t/evil.org', ''])
    expect(localPath(path)).toBe('/')
  expect(localPath('/datasets/a/b?revision=x')).toBe('/datasets/a/b?revision=x')
})

test('every row of a million is reached, inside what browsers can draw', () => {
  const table = { viewHeight: 600, rowHeight: 42, rows: 1_000_000 }
  fc.assert(
    fc.property(fc.nat({ max: 999_999 }), (row) => {
      const shown = windowAt({ ...table, scrollTop: scrollTopOf(row, table), spare: 4 })
      return shown.height <= MAX_HEIGHT && shown.first <= row && row < shown.last && shown.last - shown.first < 30
    }),
  )
  expect(windowAt({ ...table, scrollTop: MAX_HEIGHT, spare: 4 }).last).toBe(1_000_000)
  expect(windowAt({ ...table, rows: 3, scrollTop: 0, spare: 4 })).toEqual({ first: 0, last: 3, top: 0, height: 126 })
})

test('snippets carry the server, the dataset, and the variable that keeps its name from leaving', () => {
  const [python] = snippetsOf({ origin: 'http://hub.test', dataset: 'a/b', config: 'default', split: 'train', isGated: true })
  expect(python?.code).toContain('HF_ENDPOINT=http://hub.test')
  expect(python?.code).toContain('HF_UPDATE_DOWNLOAD_COUNTS=0')
  expect(python?.code).toContain('HF_TOKEN')
})
