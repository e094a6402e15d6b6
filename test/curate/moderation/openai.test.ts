import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { memoryAnswers, openAnswers } from '../../../src/curate/moderation/answers.ts'
import { createModerationLabeller } from '../../../src/curate/moderation/labeller.ts'
import { openOpenAi } from '../../../src/curate/moderation/openai.ts'
import { parseModerationSettings } from '../../../src/curate/moderation/settings.ts'
import { type Fault, type ModerationServer, startServer } from './moderation-server.ts'

let server: ModerationServer
afterEach(() => server?.close())

const pauses: number[] = []

function open(
  url: string,
  more: { answers?: ReturnType<typeof memoryAnswers>; batch?: number; attempts?: number; timeoutMs?: number } = {},
) {
  pauses.length = 0
  return openOpenAi({
    model: 'omni-moderation-latest',
    concurrency: 3,
    timeoutMs: more.timeoutMs ?? 5000,
    apiKey: 'sk-test-secret',
    baseUrl: url,
    batch: more.batch ?? 4,
    answers: more.answers ?? memoryAnswers(),
    patience: { attempts: more.attempts ?? 4, firstMs: 100, longestMs: 1000, sleep: async (ms) => void pauses.push(ms), random: () => 0.5 },
  })
}

const texts = Array.from({ length: 25 }, (_, at) => `message ${at}${at % 5 === 0 ? ' BAD' : ''}`)

test('judges every text once, in batches, and keeps newer categories beside the eleven', async () => {
  server = await startServer({})
  const queue = open(server.url)
  const answers = await Promise.all(texts.map(queue.judge))
  expect(answers.map(({ flagged }) => flagged)).toEqual(texts.map((text) => text.includes('BAD')))
  expect(answers[0]?.category_scores.violence).toBe(0.9)
  expect(answers[0]?.extra).toEqual({ illicit: 0.25 })
  expect(server.paid.sort()).toEqual([...texts].sort())
  expect(server.requests).toBe(Math.ceil(texts.length / 4))
})

test.each(['429', '429-date', '500', 'not-json', 'cut', 'partial', 'other-shape', 'hang'] as const)(
  'one fault of the kind %s on each first request loses nothing and doubles nothing',
  async (fault) => {
    server = await startServer({ fault: (request) => (request % 2 === 0 ? fault : undefined) })
    const queue = open(server.url, { timeoutMs: 250, attempts: 8 })
    const answers = await Promise.all(texts.map(queue.judge))
    expect(answers.map(({ flagged, failed }) => (failed ? 'failed' : flagged))).toEqual(texts.map((text) => text.includes('BAD')))
    expect(server.paid.sort()).toEqual([...texts].sort())
  },
)

test('waits as long as Retry-After says, in seconds or as a date', async () => {
  server = await startServer({ fault: (request) => (request === 0 ? '429' : request === 1 ? '429-date' : undefined) })
  await open(server.url).judge('x')
  expect(pauses[0]).toBeGreaterThanOrEqual(7000)
  expect(pauses[1]).toBeGreaterThanOrEqual(7500)
})

test('waits longer each time, with jitter, where the server says nothing', async () => {
  server = await startServer({ fault: (request) => (request < 3 ? '500' : undefined) })
  await open(server.url).judge('x')
  expect(pauses).toEqual([75, 150, 300])
})

test('a text that the server refuses is marked failed alone; its batch is judged', async () => {
  server = await startServer({ fault: (_, batch) => (batch.includes(texts[7] ?? '') ? '400' : undefined) })
  const queue = open(server.url)
  const answers = await Promise.all(texts.map(queue.judge))
  expect(answers.flatMap(({ failed }, at) => (failed ? [at] : []))).toEqual([7])
  expect(answers[7]).toMatchObject({ failed: 'refused', flagged: false })
  expect(queue.failed()).toBe(1)
  expect(server.paid).toHaveLength(texts.length - 1)
})

test('answers that stay unusable are failures, never clean', async () => {
  server = await startServer({ fault: () => 'other-shape' })
  const answers = await Promise.all(texts.slice(0, 5).map(open(server.url).judge))
  expect(answers.every(({ failed }) => failed === 'unusable')).toBe(true)
})

test('an endpoint that is down stops the run with a retryable error', async () => {
  server = await startServer({ fault: () => '500' })
  const queue = open(server.url)
  const ends = await Promise.allSettled(texts.map(queue.judge))
  expect(ends.some((end) => end.status === 'rejected' && end.reason.code === 'moderation-unavailable')).toBe(true)
  expect(ends.every((end) => end.status === 'rejected' || end.value.failed !== undefined)).toBe(true)
})

test('a refused key stops at once, and the error does not hold it', async () => {
  server = await startServer({ fault: () => '401' })
  const error = await open(server.url)
    .judge('x')
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'moderation-key' })
  expect(String(error)).not.toContain('sk-test-secret')
  expect(server.requests).toBe(1)
})

test.each(['429-quota', '400-billing'] as const)(
  'a spent quota (%s) stops at once, unlike a rate limit; what was paid is kept, and the next run goes on from there',
  async (fault) => {
    let isSpent = true
    server = await startServer({ fault: (request) => (isSpent && request >= 2 ? fault : undefined) })
    const answers = memoryAnswers()
    const ends = await Promise.allSettled(texts.map(open(server.url, { answers }).judge))
    const kept = ends.filter(({ status }) => status === 'fulfilled')
    expect(pauses).toEqual([])
    expect(kept).toHaveLength(server.paid.length)
    expect(server.paid).toHaveLength(8)
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'moderation-quota', exitCode: 5 })
    // Three requests were under way; none follows them.
    expect(server.requests).toBeLessThanOrEqual(5)
    isSpent = false
    const judged = await Promise.all(texts.map(open(server.url, { answers }).judge))
    expect(judged.map(({ flagged, failed }) => (failed ? 'failed' : flagged))).toEqual(texts.map((text) => text.includes('BAD')))
    expect([...server.paid].sort()).toEqual([...texts].sort())
  },
)

test('under any mix of faults each text has one answer, true or marked, and no text is paid twice', async () => {
  const kinds: (Fault | undefined)[] = ['429', '500', 'not-json', 'cut', 'partial', 'other-shape', '400', undefined, undefined, undefined]
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...kinds), { maxLength: 30 }), async (faults) => {
      const one = await startServer({ fault: (request) => faults[request] })
      const queue = open(one.url, { attempts: 3 })
      const ends = await Promise.allSettled(texts.map(queue.judge))
      expect(ends).toHaveLength(texts.length)
      for (const [at, end] of ends.entries()) {
        if (end.status === 'rejected') expect(end.reason.code).toBe('moderation-unavailable')
        else if (end.value.failed === undefined) expect(end.value.flagged).toBe(texts[at]?.includes('BAD'))
      }
      expect(new Set(one.paid).size).toBe(one.paid.length)
      await one.close()
    }),
    { numRuns: 25 },
  )
})

test('a later run asks only for what was not answered; the file holds no text', async () => {
  server = await startServer({ fault: (_, batch) => (batch.includes(texts[3] ?? '') ? '400' : undefined) })
  const path = join(mkdtempSync(join(tmpdir(), 'answers-')), 'answers.db')
  const first = openAnswers(path)
  await Promise.all(texts.map(open(server.url, { answers: first }).judge))
  first.close()
  const before = server.paid.length
  const second = openAnswers(path)
  const answers = await Promise.all(texts.map(open(server.url, { answers: second }).judge))
  second.close()
  expect(server.paid.length).toBe(before)
  expect(answers.map(({ flagged }) => flagged)).toEqual(texts.map((text) => text.includes('BAD')))
  expect(answers[0]?.extra).toEqual({ illicit: 0.25 })
  expect(readFileSync(path).includes('message 1')).toBe(false)
})

test('a killed run has paid for what it was told, and the next goes on from there', async () => {
  server = await startServer({ fault: (request) => (request >= 3 && request < 6 ? 'hang' : undefined) })
  const path = join(mkdtempSync(join(tmpdir(), 'answers-')), 'answers.db')
  const program = `
    import { openAnswers } from './dist/curate/moderation/answers.js'
    import { openOpenAi } from './dist/curate/moderation/openai.js'
    const queue = openOpenAi({ model: 'omni-moderation-latest', concurrency: 1, timeoutMs: 60000, apiKey: 'k', baseUrl: ${JSON.stringify(server.url)}, batch: 4,
      answers: openAnswers(${JSON.stringify(path)}), patience: { attempts: 1, firstMs: 1, longestMs: 1, sleep: async () => {}, random: Math.random } })
    for (const text of ${JSON.stringify(texts)}) queue.judge(text)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
  while (server.requests < 4) await new Promise((resolve) => setTimeout(resolve, 20))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(server.paid).toHaveLength(12)
  const answers = openAnswers(path)
  const judged = await Promise.all(texts.map(open(server.url, { answers, timeoutMs: 250, attempts: 5 }).judge))
  answers.close()
  expect(judged.map(({ flagged }) => flagged)).toEqual(texts.map((text) => text.includes('BAD')))
  expect(new Set(server.paid).size).toBe(server.paid.length)
  expect(server.paid).toHaveLength(texts.length)
})

test('a message longer than one input is judged in pieces; each category takes the highest', async () => {
  server = await startServer({})
  const answer = await open(server.url).judge(`${'ordinary words '.repeat(3000)} BAD ${'ordinary words '.repeat(3000)}`)
  expect(answer.flagged).toBe(true)
  expect(server.paid.length).toBeGreaterThanOrEqual(3)
  expect(server.paid.every((text) => text.length <= 20_000)).toBe(true)
})

test('the labeller asks the endpoint, skips blank messages and keeps key and endpoint to itself', async () => {
  server = await startServer({})
  const settings = parseModerationSettings({ source: 'openai', apiKey: 'sk-test-secret', baseUrl: server.url })
  const labeller = await createModerationLabeller(settings)
  const source = { file: 'x', line: 1 }
  const messages = ['hello', ' ', 'BAD'].map((content) => ({ role: 'user' as const, content }))
  const label = await labeller.label({ id: 'a', model: 'm', messages, turns: 1, source })
  expect(label.messages.map(({ flagged }) => flagged)).toEqual([false, false, true])
  expect(server.paid).toEqual(['hello', 'BAD'])
  expect([...server.keys]).toEqual(['Bearer sk-test-secret'])
  expect(JSON.stringify(labeller.about)).not.toMatch(/secret|127\.0/)
  expect(labeller.toRow(label).extra).toBe('[{"illicit":0.25},null,{"illicit":0.25}]')
  await labeller.close?.()
})

test('settings that cannot be are named; a remote source without key and endpoint says what to set', async () => {
  expect(() => parseModerationSettings({ source: 'openai', batch: 0 })).toThrow(/batch/)
  expect(() => parseModerationSettings({ source: 'oracle' })).toThrow(/source/)
  await expect(createModerationLabeller(parseModerationSettings({ source: 'openai' }))).rejects.toThrow(/OPENAI_API_KEY/)
})
