import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Conversation } from '../../../src/conversation.ts'
import { createModerationLabeller } from '../../../src/curate/moderation/labeller.ts'
import { readParquet, writeParquet } from '../../../src/storage/parquet.ts'

const conversation: Conversation = {
  id: 'a',
  model: 'm',
  messages: [
    { role: 'user', content: 'I will kill you, you pathetic idiot.' },
    { role: 'assistant', content: 'I am sorry that you are upset. How can I help?' },
  ],
  turns: 1,
  source: { file: 'x', line: 1 },
}

test('gives one opinion a message, in order, in the form of the OpenAI moderation output', async () => {
  const labeller = await createModerationLabeller()
  const { messages } = await labeller.label(conversation)
  expect(messages.map(({ flagged }) => flagged)).toEqual([true, false])
  expect(messages[0]?.categories.harassment).toBe(true)
})

test('its rows go through Parquet and come back', async () => {
  const labeller = await createModerationLabeller()
  const label = await labeller.label(conversation)
  const path = join(mkdtempSync(join(tmpdir(), 'moderation-')), 'x.parquet')
  await writeParquet(path, labeller.columns, [labeller.toRow(label)])
  for await (const [row] of readParquet(path)) {
    expect(row?.failed).toEqual([])
    expect(row?.messages).toEqual(
      label.messages.map(({ categories, category_scores, flagged }) => ({ categories, category_scores, flagged })),
    )
  }
})

test('other thresholds are another fingerprint', async () => {
  const one = await createModerationLabeller()
  const other = await createModerationLabeller({ source: 'classifier', thresholds: { violence: 0.99 } })
  expect(other.fingerprint).not.toBe(one.fingerprint)
  expect(one.about?.quality).toMatch(/AUPRC .*hh-rlhf: any 0\.\d+/)
})
