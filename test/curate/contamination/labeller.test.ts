import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ContaminationSettings, createContaminationLabeller } from '../../../src/curate/contamination/labeller.ts'

const folder = mkdtempSync(join(tmpdir(), 'contamination-'))
const problems = [
  'Marta bakes 36 muffins and puts them in boxes of 4. She sells each box for $7 at the village fair. Her helper Otto eats one whole box. How many dollars does Marta take home?',
  'A ferry carries 58 cars on each crossing and crosses the strait 6 times a day. On Sundays it makes 2 crossings fewer. How many cars can it carry in a week?',
  'Write a function that takes the heights of fence posts and returns the number of posts that are taller than both of their neighbours.',
  'Priya reads 15 pages each morning and twice as many in the evening. Her novel has 405 pages. After how many days has she finished it?',
  'Too short here',
]
const path = join(folder, 'problems.jsonl')
writeFileSync(path, problems.map((question) => JSON.stringify({ question })).join('\n'))

async function look(content: string, settings: Partial<ContaminationSettings> = {}) {
  const labeller = await createContaminationLabeller({ benchmarks: [{ path }], cache: mkdtempSync(join(folder, 'cache-')), ...settings })
  const source = { file: '', line: 0 }
  return (await labeller.label({ id: 'x', model: 'm', messages: [{ role: 'user', content }], turns: 0, source })).hits
}

test('a word-for-word copy inside other text is found, with its benchmark and item', async () => {
  const copied = `hey, pls solve this for me:\n\n${problems[1]?.toUpperCase()}\n\nthanks!!`
  expect(await look(copied)).toMatchObject([{ benchmark: 'problems', item: '1', kind: 'verbatim', message: 0 }])
})

test('a copy in other words is found, and a new task of the same kind is not', async () => {
  const rephrased =
    'Each morning Priya gets through 15 pages, and in the evening she reads double that. If the book she is reading is 405 pages long, how many days will it take her to complete it?'
  expect(await look(rephrased)).toMatchObject([{ item: '3', kind: 'rephrased', method: 'scorer' }])
  expect(await look('Sven runs 4 miles on weekdays and 9 on Saturdays. How many miles does he run in two weeks?')).toEqual([])
  expect(await look('Can you recommend a good recipe for blueberry muffins?')).toEqual([])
})

test('items too short to tell from chance are not looked for', async () => {
  expect(await look('Too short here')).toEqual([])
})

interface Call {
  url: string
  body: { input?: string[]; messages?: { content: string }[] }
}

/** An endpoint that embeds by the words it knows, and a judge that says True when the text speaks of a ferry. */
function fakeNetwork(calls: Call[], fail: (call: number) => number | undefined = () => undefined) {
  const words = ['muffin', 'ferry', 'strait', 'fence', 'pages']
  return {
    wait: async () => {},
    fetch: (async (url: string, options: { body: string }) => {
      const body = JSON.parse(options.body) as Call['body']
      calls.push({ url, body })
      const status = fail(calls.length)
      if (status) return new Response('the text came back', { status })
      if (url.endsWith('/embeddings')) {
        const data = (body.input ?? []).map((text, index) => ({ index, embedding: words.map((word) => (text.includes(word) ? 1 : 0.01)) }))
        return Response.json({ data })
      }
      const asked = body.messages?.[0]?.content ?? ''
      return Response.json({
        choices: [{ message: { content: asked.slice(asked.indexOf('<text>')).includes('ferry') ? 'True' : 'False, because' } }],
      })
    }) as typeof fetch,
  }
}
const endpoint = { url: 'https://models.example/v1', model: 'm', key: 'secret' }

test('an embeddings endpoint finds copies, and a judge has the final word', async () => {
  const calls: Call[] = []
  const world = fakeNetwork(calls)
  const text = 'La ferry passa lo strait: quante auto?'
  expect(await look(text, { embeddings: endpoint, world })).toMatchObject([{ item: '1', method: 'embeddings' }])
  expect(await look(text, { embeddings: endpoint, judge: endpoint, world })).toMatchObject([{ item: '1', method: 'embeddings+judge' }])
  expect(await look('Sulle pages di un libro', { embeddings: endpoint, judge: endpoint, world })).toEqual([])
})

test('an endpoint that fails half-way loses no answer that came before', async () => {
  const cache = mkdtempSync(join(folder, 'cache-'))
  const calls: Call[] = []
  const failing = fakeNetwork(calls, (call) => (call > 1 ? 500 : undefined))
  await expect(look('una ferry', { embeddings: endpoint, cache, world: failing })).rejects.toMatchObject({ code: 'endpoint-failed' })
  const [file = ''] = readdirSync(cache)
  writeFileSync(join(cache, file), `${readFileSync(join(cache, file), 'utf8')}\n["cut`)
  const after: Call[] = []
  await look('una ferry', { embeddings: endpoint, cache, world: fakeNetwork(after) })
  // The items' vectors were kept; only the text is asked for.
  expect(after.map(({ body }) => body.input)).toEqual([['una ferry']])
  expect(readFileSync(join(cache, file), 'utf8')).not.toContain('ferry')
})

test('an endpoint that refuses is named by its host, without key or text', async () => {
  const refusing = fakeNetwork([], () => 401)
  const call = look('una ferry', { embeddings: endpoint, world: refusing })
  await expect(call).rejects.toMatchObject({ code: 'endpoint-refused', message: expect.stringMatching(/models\.example.*401/) })
  await expect(call).rejects.not.toMatchObject({ message: expect.stringMatching(/secret|ferry|came back/) })
})

test('order of benchmark items changes no hit', async () => {
  const reversed = join(folder, 'reversed.jsonl')
  writeFileSync(
    reversed,
    [...problems]
      .reverse()
      .map((question, at) => JSON.stringify({ id: String(problems.length - 1 - at), question }))
      .join('\n'),
  )
  const text = `${problems[0]} And also: ${problems[3]}`
  const items = (await look(text)).map(({ item }) => item).sort()
  expect((await look(text, { benchmarks: [{ path: reversed }] })).map(({ item }) => item).sort()).toEqual(items)
  expect(items).toEqual(['0', '3'])
})
