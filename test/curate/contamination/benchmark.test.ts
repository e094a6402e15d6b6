import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readBenchmark } from '../../../src/curate/contamination/benchmark.ts'
import { writeParquet } from '../../../src/storage/parquet.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchmark-'))
function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('reads the forms that benchmarks come in', async () => {
  const code = { task_id: 'HumanEval/0', prompt: 'def add(a, b):', canonical_solution: '    return a + b', entry_point: 'add' }
  expect(await readBenchmark({ path: write('humaneval.jsonl.gz', gzipSync(JSON.stringify(code))) })).toEqual([
    { benchmark: 'humaneval', item: 'HumanEval/0', text: 'def add(a, b):', solution: '    return a + b' },
  ])
  const sum = write('gsm.jsonl', `${JSON.stringify({ question: 'How many?', answer: '#### 3' })}\n\n`)
  expect(await readBenchmark({ path: sum, name: 'GSM8K' })).toEqual([{ benchmark: 'GSM8K', item: '0', text: 'How many?', solution: '' }])
  const turns = write('mt.jsonl', JSON.stringify({ question_id: 81, turns: ['Write a post.', 'Now shorter.'] }))
  expect((await readBenchmark({ path: turns })).map(({ item, text }) => [item, text])).toEqual([
    ['81', 'Write a post.'],
    ['81#2', 'Now shorter.'],
  ])
  const mmlu = write('algebra_test.csv', '"Find the degree, of ""Q""",0,4,2,6,B\r\nNext one?,a,b,c,d,A\n')
  expect(await readBenchmark({ path: mmlu })).toMatchObject([
    { benchmark: 'algebra_test', text: 'Find the degree, of "Q"', solution: '0\n4\n2\n6' },
    { text: 'Next one?' },
  ])
  expect(await readBenchmark({ path: write('head.csv', 'id,question\n7,"Why,\nthen?"\n') })).toMatchObject([
    { item: '7', text: 'Why,\nthen?' },
  ])
  const parquet = join(folder, 'table.parquet')
  await writeParquet(parquet, [{ name: 'text', type: 'string' }], [{ text: 'one' }, { text: null }, { text: 'three' }])
  expect((await readBenchmark({ path: parquet })).map(({ item }) => item)).toEqual(['0', '2'])
})

test('a file without text or not of any form is named, with what to do', async () => {
  await expect(readBenchmark({ path: write('none.jsonl', '{"label":1}') })).rejects.toMatchObject({
    code: 'benchmark-without-text',
    message: expect.stringContaining('Its columns: label'),
  })
  await expect(readBenchmark({ path: write('bad.jsonl', '{"text":"ok"}\n{oops') })).rejects.toMatchObject({
    code: 'benchmark-unreadable',
    message: expect.stringContaining('line 2'),
  })
  await expect(readBenchmark({ path: join(folder, 'missing.jsonl') })).rejects.toMatchObject({ code: 'benchmark-unreadable' })
  await expect(readBenchmark({ path: write('cut.jsonl.gz', gzipSync('{"text":"x"}').subarray(0, 15)) })).rejects.toMatchObject({
    code: 'benchmark-unreadable',
  })
})
