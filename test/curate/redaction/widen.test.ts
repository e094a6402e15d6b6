import { expect, test } from 'vitest'
import { widenNames } from '../../../src/curate/redaction/widen.ts'

/** The words of a text that are marked by brackets, as persons found in the text without them. */
function mark(marked: string) {
  const found: { start: number; end: number; kind: string; confidence: number; rule: string }[] = []
  let text = ''
  for (const [index, piece] of marked.split(/[[\]]/).entries()) {
    if (index % 2 === 1)
      found.push({ start: text.length, end: text.length + piece.length, kind: 'PERSON', confidence: 0.8, rule: 'name-model' })
    text += piece
  }
  return { text, found }
}

function widen(...marked: string[]): string[] {
  const pages = marked.map(mark)
  const texts = pages.map(({ text }) => text)
  const found = pages.map((page) => page.found)
  widenNames(texts, found)
  return found.flatMap((findings, message) => findings.map(({ start, end }) => texts[message]?.slice(start, end) ?? ''))
}

test('a name is widened onto the word beside it that is a person elsewhere', () => {
  expect(widen('[Gene]: hello.', 'I know nobody called Gene [Bosco].')).toEqual(['Gene', 'Gene Bosco'])
  expect(widen('[Bosco] came.', 'I know [Gene] Bosco.')).toEqual(['Bosco', 'Gene Bosco'])
})

test('words apart, in lower case, part of another word or found by themselves stay as they are', () => {
  expect(widen('[Gene]: hello.', 'Gene, [Bosco]. gene [Bosco]. McGene [Bosco]. [Gene] [Bosco]')).toEqual([
    'Gene',
    'Bosco',
    'Bosco',
    'Bosco',
    'Gene',
    'Bosco',
  ])
})
