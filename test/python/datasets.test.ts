import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { release } from '../../src/release/release.ts'
import { removeAll, writeWork } from '../release/work-folder.ts'
import { python, runPython } from './interpreter.ts'

const made: string[] = []
afterAll(() => removeAll(...made))

test.skipIf(!python)('Python code written for LMSYS-Chat-1M runs unchanged on a release', async () => {
  const work = await writeWork({ conversations: 100, recipe: { columns: ['started_at', 'tokens'] } })
  made.push(work)
  const out = join(work, 'out')
  await release({ work, out, jobs: 1 })
  const env = { PATH: process.env.PATH, HF_HOME: join(work, 'hf'), HF_HUB_OFFLINE: '1', HF_UPDATE_DOWNLOAD_COUNTS: '0' }
  const script = fileURLToPath(new URL('./lmsys_code.py', import.meta.url))
  const seen = JSON.parse(await runPython([script, out], { env }))
  expect(seen).toMatchObject({
    rows: 90,
    columns: ['conversation_id', 'model', 'conversation', 'turn', 'language', 'openai_moderation', 'redacted', 'started_at', 'tokens'],
    id: '0'.repeat(32),
    model: 'vicuna-13b',
    prompt: expect.stringMatching(/^NAME_1/),
    role: 'assistant',
    turn: 2,
    score: 0.017,
    failed: null,
    redacted: true,
    streamed: '0'.repeat(32),
    flagged: 10,
    models: { 'vicuna-13b': 60, 'gpt-4': 30 },
  })
  expect(seen.categories).toHaveLength(11)
  expect(seen.features.turn).toBe("Value('int64')")
  expect(seen.features.conversation).toBe("List({'content': Value('string'), 'role': Value('string')})")
  expect(seen.features.started_at).toBe("Value('timestamp[ms, tz=UTC]')")
})
