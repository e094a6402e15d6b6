import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type MessageModeration, moderationFrom, perCategory } from '../../../src/curate/moderation/categories.ts'
import { createCsvReader } from '../../../src/curate/moderation/csv.ts'
import { evaluateModeration } from '../../../src/curate/moderation/evaluate.ts'
import { readTruth } from '../../../src/curate/moderation/truth.ts'

const folder = mkdtempSync(join(tmpdir(), 'truth-'))
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const all = async (path: string) => {
  const cases = []
  for await (const one of readTruth(path)) cases.push(one)
  return cases
}
/** Says violence with the score that the text is. */
const judge = (text: string): MessageModeration =>
  moderationFrom(
    perCategory((category) => (category === 'violence' ? Number(text) : 0)),
    perCategory(() => 0.5),
  )

test('reads OpenAI evaluation lines, plain or gzip; what they do not say stays open', async () => {
  const lines =
    '{"prompt":"a","S":0,"H":0,"V":1,"HR":0,"SH":0,"S3":0,"H2":0,"V2":1}\n{"prompt":"b","S":0,"H":0,"V":0,"HR":0,"SH":0}\n{"prompt":"c","S":0}\n'
  for (const path of [file('a.jsonl', lines), file('a.jsonl.gz', gzipSync(lines))]) {
    const [a, b, c] = await all(path)
    expect(a).toMatchObject({ text: 'a', truth: { violence: true, 'violence/graphic': true, sexual: false, any: true } })
    expect(b).toMatchObject({ truth: { any: false } })
    expect(c).toEqual({ text: 'c', truth: { sexual: false } })
  }
})

test('reads our own lines and the known CSVs', async () => {
  expect(await all(file('own.jsonl', '{"text":"x","labels":["hate"]}\n{"text":"y","labels":{"sexual":true}}\n'))).toMatchObject([
    { truth: { hate: true, sexual: false, any: true } },
    { truth: { sexual: true, any: true } },
  ])
  expect(await all(file('hatecheck.csv', ',functionality,test_case,label_gold\r\n0,x,"a ""b"", c\nd",hateful\r\n'))).toEqual([
    { text: 'a "b", c\nd', truth: { hate: true, any: true } },
  ])
  expect(await all(file('xstest.csv', 'id,prompt,label\n1,p,safe\n2,q,unsafe\n'))).toEqual([
    { text: 'p', truth: { any: false } },
    { refused: 'no-label' },
  ])
  expect(await all(file('conv.csv', 'Input.user;is_abuse\nhey;1\nyou;-2\n'))).toMatchObject([
    { truth: { any: false } },
    { truth: { any: true } },
  ])
  expect(await all(file('jigsaw.csv', 'id,comment_text,toxic\n1,x,1\n'))).toEqual([{ text: 'x', truth: { any: true } }])
})

test('records that cannot be used are counted, and a cut gzip is told', async () => {
  const figures = await evaluateModeration(
    file('odd.jsonl', 'nonsense\n{"labels":["hate"]}\n{"text":"1"}\n\n{"text":"0.9","labels":["violence"]}'),
    judge,
  )
  expect(figures).toMatchObject({ records: 4, refused: { 'not-json': 1, 'no-text': 1, 'no-label': 1 } })
  const cut = file('cut.jsonl.gz', gzipSync('{"text":"x","labels":[]}\n'.repeat(5000)).subarray(0, 80))
  await expect(all(cut)).rejects.toMatchObject({ code: 'eval-file-unreadable' })
  await expect(all(join(folder, 'absent.jsonl'))).rejects.toMatchObject({ code: 'eval-file-unknown' })
})

test('measures by category, shows the worst mistakes covered, and compares two sources', async () => {
  const lines = [
    ['0.9', ['violence']],
    ['0.8', []],
    ['0.4', ['violence']],
    ['0.1', []],
  ].map(([text, labels]) => JSON.stringify({ text, labels }))
  const path = file('four.jsonl', lines.join('\n'))
  const figures = await evaluateModeration(path, judge, { against: (text) => judge(String(Number(text) > 0.85 ? 1 : 0)) })
  const violence = figures.categories.find(({ category }) => category === 'violence')
  expect(violence).toMatchObject({ cases: 4, positives: 2, precision: 0.5, recall: 0.5, f1: 0.5 })
  expect(violence?.auprc).toBeCloseTo((1 + 2 / 3) / 2)
  expect(figures.confusions.filter(({ category }) => category === 'violence')).toEqual([
    { category: 'violence', kind: 'false alarm', record: 2, characters: 3, score: 0.8 },
    { category: 'violence', kind: 'miss', record: 3, characters: 3, score: 0.4 },
  ])
  expect(figures.agreement?.find(({ category }) => category === 'any')).toMatchObject({ same: 0.75, onlyFirst: 1, onlySecond: 0 })
  const uncovered = await evaluateModeration(path, judge, { uncover: true })
  expect(uncovered.confusions[0]?.text).toBe('0.8')
})

test('a CSV reads the same however it is cut into pieces', () => {
  const text = 'a,"b ""x""\n,y",c\r\n"",,"z"\nlast,"q"'
  const read = (pieces: readonly string[]) => {
    const reader = createCsvReader(',')
    return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
  }
  const whole = [
    ['a', 'b "x"\n,y', 'c'],
    ['', '', 'z'],
    ['last', 'q'],
  ]
  expect(read([text])).toEqual(whole)
  expect(read([...text])).toEqual(whole)
})
