import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { patternToRegExp } from '../../src/ingest/glob.ts'
import { findInputs } from '../../src/ingest/inputs.ts'
import { makeFolder, writeLogs } from './logs.ts'

const folder = makeFolder()
writeLogs(folder, {
  'server0/2023-04-24-conv.json': '',
  'server0/2023-04-25-conv.json.gz': '',
  'server1/2023-04-24-conv.json': '',
  'server1/readme.md': '',
  'data/train.parquet': '',
})
const labels = (...operands: string[]) =>
  findInputs(
    operands.map((operand) => join(folder, operand)),
    join(folder, 'work'),
  ).files.map(({ label }) => label)

test('a folder gives its logs below, named from the folder', () => {
  expect(labels('.')).toEqual([
    'data/train.parquet',
    'server0/2023-04-24-conv.json',
    'server0/2023-04-25-conv.json.gz',
    'server1/2023-04-24-conv.json',
  ])
  expect(labels('server1')).toEqual(['2023-04-24-conv.json'])
})

test('files of the same name keep apart, in any order of operands, named twice they are read once', () => {
  const expected = ['server0/2023-04-24-conv.json', 'server1/2023-04-24-conv.json']
  expect(labels('server1/2023-04-24-conv.json', 'server0/2023-04-24-conv.json')).toEqual(expected)
  expect(labels('server0/2023-04-24-conv.json', 'server1', 'server0/2023-04-24-conv.json')).toEqual(expected)
})

test('a file named by itself is read whatever its name', () => {
  expect(labels('server1/readme.md')).toEqual(['readme.md'])
})

test('patterns match within and over folders', () => {
  expect(labels('server*/*-conv.json')).toEqual(['server0/2023-04-24-conv.json', 'server1/2023-04-24-conv.json'])
  expect(labels('**/*.{gz,parquet}')).toEqual(['data/train.parquet', 'server0/2023-04-25-conv.json.gz'])
  expect(labels('server[!0]/*.json')).toEqual(['2023-04-24-conv.json'].map((name) => `server1/${name}`))
})

test('a name that looks like a pattern is a name if there is such a file', () => {
  mkdirSync(join(folder, 'odd'))
  writeLogs(folder, { 'odd/[1].json': '' })
  expect(labels('odd/[1].json')).toEqual(['[1].json'])
})

test('characters of regular expressions in a pattern stand for themselves', () => {
  expect(patternToRegExp('a+b(c).*').test('a+b(c).json')).toBe(true)
  expect(patternToRegExp('a.b*').test('aXb')).toBe(false)
})

test('the work folder is left out where it lies among the logs', () => {
  writeLogs(folder, { 'work/ingest.json': '{}', 'work/quarantine/lines-00000.jsonl': '{}' })
  expect(labels('.').filter((label) => label.startsWith('work'))).toEqual([])
})
