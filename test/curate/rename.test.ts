import { expect, test } from 'vitest'
import { renameModel } from '../../src/curate/rename.ts'

test('gives models the names under which LMSYS published them', () => {
  expect(['bard', 'claude-v1', 'StripedHyena-Nous-7B', 'vicuna-13b', 'constructor'].map((name) => renameModel(name, 0))).toEqual([
    'palm-2',
    'claude-1',
    'stripedhyena-nous-7b',
    'vicuna-13b',
    'constructor',
  ])
})

test('splits gpt-4 and gpt-3.5-turbo at the second of the switch', () => {
  expect(renameModel('gpt-4', 1_687_849_200_000)).toBe('gpt-4-0314')
  expect(renameModel('gpt-4', 1_687_849_200_001)).toBe('gpt-4-0613')
  expect(renameModel('gpt-3.5-turbo', Number.NaN)).toBe('gpt-3.5-turbo-0314')
})
