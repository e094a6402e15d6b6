import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Conversation } from '../../src/conversation.ts'
import { checkCard } from '../../src/release/card.check.ts'
import { escapeMarkdown, toFencedJson } from '../../src/release/escape.ts'
import { release } from '../../src/release/release.ts'
import { removeAll, type WorkPlan, writeWork } from './work-folder.ts'

const made: string[] = []
afterAll(() => removeAll(...made))

async function build(plan: WorkPlan): Promise<string> {
  const work = await writeWork(plan)
  made.push(work)
  await release({ work, out: join(work, 'out'), jobs: 1 })
  return join(work, 'out')
}

const frontMatter = (card: string) => card.split('---\n')[1] ?? ''

/** Two messages, so that a clean one can be quoted. */
const invented: WorkPlan = {
  conversations: 200,
  messages: 2,
  recipe: {
    columns: ['language_code', 'tokens'],
    card: {
      title: 'River talks',
      version: '2.1.0',
      licensor: 'Example Lab',
      contact: 'data@example.org',
      law: 'Norway',
      url: 'https://example.org/river',
      authors: ['A. Writer', 'B. Reader'],
      description: 'Invented conversations about a river.',
      collection: 'Collected nowhere: a test wrote them.',
    },
  },
}

test('card, agreement, statistics, croissant and manifest of an invented release are the golden ones', async () => {
  const out = await build(invented)
  const golden = fileURLToPath(new URL('./golden/', import.meta.url))
  for (const file of ['README.md', 'LICENSE.md', 'stats.json', 'croissant.json', 'manifest.json', 'figures/models.svg']) {
    const text = readFileSync(join(out, file), 'utf8')
    const path = join(golden, file.replace('/', '-'))
    // Set UPDATE_GOLDEN=1 to accept what is written now; look at the difference before you commit it.
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(golden, { recursive: true })
      writeFileSync(path, text)
    }
    expect(text, file).toBe(readFileSync(path, 'utf8'))
  }
})

test('the front matter has no error and no warning, and the hub finds its values', async () => {
  const card = readFileSync(join(await build(invented), 'README.md'), 'utf8')
  expect(checkCard(frontMatter(card))).toEqual({ errors: [], warnings: [] })
  const matter = parse(frontMatter(card))
  expect(matter.dataset_info.splits).toEqual([{ name: 'train', num_bytes: expect.any(Number), num_examples: 180 }])
  expect(matter.dataset_info.features.map(({ name }: { name: string }) => name).slice(7)).toEqual(['language_code', 'tokens'])
  expect(matter.language).toEqual(['en', 'de'])
})

test.each([
  [
    { source: 'classifier', version: '2', weights: 'abc', thresholds: { hate: 0.4, 'sexual/minors': 0.55 } },
    'Judged by the source "classifier", version 2; a category is on from these scores up: hate 0.4, sexual/minors 0.55.',
  ],
  [
    { source: 'guard', model: 'guard-8b', template: '/home/someone/own.json' },
    'Judged by the source "guard", model guard-8b, template own.json; flags are as the source gave them.',
  ],
])('the card names who judged the messages: %o', async (moderation, sentence) => {
  const card = readFileSync(join(await build({ ...invented, labelSettings: { moderation } }), 'README.md'), 'utf8')
  expect(card).toContain(sentence)
})

test('a quoted conversation is short, clean, unredacted and English', async () => {
  const card = readFileSync(join(await build(invented), 'README.md'), 'utf8')
  const quoted = JSON.parse(card.split('```json\n')[1]?.split('\n```')[0] ?? '')
  expect(quoted.language).toBe('English')
  expect(quoted.redacted).toBe(false)
  expect(quoted.openai_moderation.map(({ flagged }: { flagged: boolean }) => flagged)).toEqual([false, false])
})

test('hostile names and texts show as they are and never become markup', async () => {
  const hostile =
    '</script><img src=x onerror=alert(1)> | [x](javascript:alert(1)) `code` ![i](http://e.org/i.png) www.example.org\n# head\u202E'
  const out = await build({
    conversations: 40,
    messages: 2,
    recipe: { columns: [], card: { title: 'T <b>b</b> | *x*', description: hostile } },
    change: (conversation: Conversation) => {
      conversation.messages = [
        { role: 'user', content: '```\n</script><script>alert(1)</script>\n--- end' },
        { role: 'assistant', content: '`` ~~~ <img src=x onerror=alert(1)> & that is the whole of the answer' },
      ]
    },
  })
  const card = readFileSync(join(out, 'README.md'), 'utf8')
  const body = card.slice(card.indexOf('\n---\n') + 5)
  expect(body).not.toMatch(/<(?!!-- Made by)/)
  expect(body).not.toContain('](javascript')
  expect(body).not.toContain('www.example.org')
  expect(body).not.toContain('\u202E')
  // Every fence that opens is one of ours and closes.
  expect(body.match(/^```.*$/gm)).toEqual(['```json', '```', '```python', '```', '```bibtex', '```'])
  expect(JSON.parse(body.split('```json\n')[1]?.split('\n```')[0] ?? '').conversation[0].content).toContain('<script>')
  expect(checkCard(frontMatter(card)).errors).toEqual([])
})

test('escaped text decodes to itself and holds nothing that Markdown or HTML could start with', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const escaped = escapeMarkdown(text)
      expect(escaped.replaceAll(/&#\d+;/g, '')).not.toMatch(/[<>&`*_[\]|\\~#^{}@\n\r]/)
      expect(escaped).not.toMatch(/^([-+=]|\d+[.)])/)
      const decoded = escaped.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
      if (!/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(text)) expect(decoded).toBe(text.replace(/\s+/g, ' ').trim())
    }),
  )
})

test('fenced JSON is the same JSON, and nothing in it ends the fence', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const fenced = toFencedJson({ value, text })
      const inner = fenced.slice('```json\n'.length, -'\n```'.length)
      expect(inner).not.toContain('`')
      expect(JSON.parse(inner)).toEqual(JSON.parse(JSON.stringify({ value, text })))
    }),
  )
})

test('wrong front matter is found field by field', () => {
  const found = (yaml: string) => checkCard(yaml)
  expect(found('task_categories: [conversational]\nlicense: mit').warnings).toEqual([
    "Task category 'conversational' is not in the official list.",
  ])
  expect(found('task_categories: [text-generation]\ntask_ids: [extractive-qa]').warnings[0]).toContain('extractive-qa')
  expect(found('language: [no]\nlicense: mit').errors).toEqual([])
  expect(found('language: [false]').errors[0]).toContain('language')
  expect(found('language: [english]\nlicense: mit').warnings[0]).toContain('english')
  expect(found('size_categories: [huge]\nlicense: mit').warnings[0]).toContain('huge')
  expect(found('license: other').errors).toHaveLength(2)
  expect(found('configs:\n- config_name: a\n  data_files:\n  - split: train-1\n    path: x').errors[0]).toContain("'a'")
  expect(found('configs:\n- {config_name: a, default: true}\n- {config_name: b, default: true}').errors[0]).toContain('default')
  expect(found('dataset_info:\n  features: []\n  splits: [{name: train}]').errors).toHaveLength(2)
  expect(found('extra_gated_fields:\n  Name: string').errors[0]).toContain('Name')
  expect(found('a: [').errors[0]).toContain('YAML')
  expect(found('- a').errors[0]).toContain('map')
})
