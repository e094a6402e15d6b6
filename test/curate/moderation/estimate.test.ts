import { expect, test } from 'vitest'
import { estimateModeration } from '../../../src/curate/moderation/estimate.ts'
import { loadGuardTemplate } from '../../../src/curate/moderation/guard.parse.ts'
import { parseModerationSettings } from '../../../src/curate/moderation/settings.ts'

async function* converse(count: number) {
  for (let at = 0; at < count; at++) {
    yield {
      messages: [
        { role: 'user' as const, content: 'x'.repeat(400) },
        { role: 'user' as const, content: ' ' },
        { role: 'assistant' as const, content: 'y'.repeat(400) },
      ],
    }
  }
}

test('estimates messages that are sent, requests, time and cost of a remote source from some of the conversations', async () => {
  const share = 3200
  const settings = parseModerationSettings({
    source: 'guard',
    model: 'g',
    template: 'llama-guard-3',
    apiKey: 'k',
    dollarsPerMillionTokens: 2,
  })
  expect(await estimateModeration({ conversations: converse(2), share, settings, jobs: 2 })).toEqual({
    messages: 12_800,
    tokens: 1_280_000,
    requests: 12_800,
    minutes: 7,
    dollars: 2.56,
  })
  expect(await estimateModeration({ conversations: converse(2), share, settings: { source: 'classifier' }, jobs: 2 })).toBeUndefined()
  const asks = loadGuardTemplate('shieldgemma').asks.map(({ messages }) => messages[0]?.content.replace('{text}', '').length ?? 0)
  const gemma = parseModerationSettings({ source: 'guard', model: 'g', template: 'shieldgemma', apiKey: 'k' })
  expect(await estimateModeration({ conversations: converse(2), share, settings: gemma, jobs: 2 })).toMatchObject({
    requests: 4 * 12_800,
    tokens: Math.round(asks.reduce((sum, length) => sum + (12_800 * (length + 400)) / 4, 0)),
  })
})
