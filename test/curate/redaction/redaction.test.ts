import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { applyReplacements } from '../../../src/curate/redaction/apply.ts'
import { createRedactionLabeller, type RedactionLabeller } from '../../../src/curate/redaction/redaction.ts'

let labeller: RedactionLabeller
beforeAll(async () => {
  labeller = await createRedactionLabeller()
})

const talk = (...contents: string[]) => ({
  messages: contents.map((content, index) => ({ role: index % 2 === 0 ? ('user' as const) : ('assistant' as const), content })),
})

describe('tags', () => {
  test('are the same for one entity across messages and forms', () => {
    const { messages } = labeller.label(
      talk(
        'Hi, my name is Priya Raghunathan.',
        'Nice to meet you, Priya!',
        "Ms. Raghunathan is my mother, priya's mother. Mail priya@x.org, PRIYA@X.ORG.",
      ),
    )
    expect(messages[1]).toBe('Nice to meet you, NAME_1!')
    expect(messages[2]).toContain("NAME_1's mother")
    expect(messages[2]).toContain('EMAIL_1, EMAIL_1')
    expect(messages.join(' ')).not.toMatch(/priya|raghunathan/i)
  })

  test('are the same where the longer form comes later, and not for another of the same family', () => {
    const { messages } = labeller.label(
      talk('My brother is Nguyễn Quỳnh Trâm.', 'Lê Nguyễn Quỳnh Trâm? And Mary Ann, is it Mary Ann Baker or Beth Ann Baker?'),
    )
    expect(messages).toEqual(['My brother is NAME_1.', 'NAME_1? And NAME_2, is it NAME_2 or NAME_3?'])
  })

  test('are different for different persons', () => {
    const { messages } = labeller.label(talk('My friends are Maria Gonzalez and Peter Schmidt.', 'Maria and Peter are nice.'))
    expect(messages).toEqual(['My friends are NAME_1 and NAME_2.', 'NAME_1 and NAME_2 are nice.'])
  })

  test('go on above the numbers that the input already uses', () => {
    const { messages } = labeller.label(talk('NAME_1 and NAME_4 know me. My name is Peter Schmidt.'))
    expect(messages).toEqual(['NAME_1 and NAME_4 know me. My name is NAME_5.'])
  })

  test('replace the spans and nothing else', () => {
    const { messages } = talk('Hello, I am Anna Kowalska 😀, tel. +48 22 694 60 00.\n```\nx = 1\n```')
    const label = labeller.label({ messages })
    expect(label.redacted).toBe(true)
    expect(applyReplacements(messages[0]?.content ?? '', label.spans)).toBe(label.messages[0])
    expect(label.messages[0]).toMatch(/^Hello, I am NAME_1 😀, tel\. PHONE_1\.\n```\nx = 1\n```$/)
  })
})

describe('settings', () => {
  test('switch kinds off, allow, deny and add patterns', async () => {
    const own = await createRedactionLabeller({
      kinds: { EMAIL: false },
      allow: ['Peter Schmidt'],
      deny: [{ value: 'Project Bluebird', kind: 'PROJECT' }],
      patterns: [{ kind: 'TICKET', pattern: 'TCK-[0-9]{4}' }],
    })
    const { messages } = own.label(talk('Peter Schmidt (p@x.org) on project bluebird, see TCK-1234.'))
    expect(messages).toEqual(['Peter Schmidt (p@x.org) on PROJECT_1, see TICKET_1.'])
  })

  test('show a value that is allowed to stay once among what was nearly redacted', async () => {
    const own = await createRedactionLabeller({ allow: ['Ada Lovelace'] })
    const { spans, nearMisses } = own.explain(talk('My name is Ada Lovelace.'))
    expect(spans).toEqual([])
    expect(nearMisses.map(({ kind, rule, start, end }) => ({ kind, rule, start, end }))).toEqual([
      { kind: 'PERSON', rule: 'allow-list', start: 11, end: 23 },
    ])
  })

  test('refuse patterns that RE2 cannot bound, and patterns that match nothing', async () => {
    await expect(createRedactionLabeller({ patterns: [{ kind: 'BAD', pattern: '(a)\\1' }] })).rejects.toMatchObject({
      code: 'redaction-pattern-invalid',
    })
    await expect(createRedactionLabeller({ patterns: [{ kind: 'BAD', pattern: 'a*' }] })).rejects.toMatchObject({
      code: 'redaction-pattern-invalid',
    })
    await expect(createRedactionLabeller({ thresholds: { NOPE: 0.4 } })).rejects.toMatchObject({ code: 'redaction-settings-invalid' })
  })

  test('run a pattern that would blow up elsewhere in linear time', async () => {
    const own = await createRedactionLabeller({ patterns: [{ kind: 'EVIL', pattern: '(a+)+$' }] })
    expect(own.label(talk(`${'a'.repeat(20_000)}!`)).redacted).toBe(false)
  })

  test('change the fingerprint', async () => {
    const own = await createRedactionLabeller({ thresholds: { PERSON: 0.7 } })
    expect(own.fingerprint).toMatch(/^[0-9a-f]{16}$/)
    expect(own.fingerprint).not.toBe(labeller.fingerprint)
  })
})

const piece = fc.constantFrom(
  'Mary',
  'my name is ',
  'john smith',
  'Dr. ',
  'García',
  ' ',
  '\n',
  ', ',
  '. ',
  "'s",
  '@',
  'a@b.co',
  '+1 415 555 2671',
  '4111111111111111',
  'NAME_1',
  'NAME_',
  '_2',
  '```',
  '`',
  '<b>',
  '</',
  '[[',
  '(((',
  '\u200d',
  '\u200f',
  '\u202e',
  '\ud800',
  '\udc00',
  'Иван Петров',
  '张伟',
  '田中さん',
  'Мary',
  'password: ',
  '://',
  'www.',
  '12 Main Street',
  '10.0.0.1',
  '😀',
)

describe('hostile input', () => {
  test('redacting twice changes nothing, and offsets are exact', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(piece, { maxLength: 14 }).map((parts) => parts.join('')),
          { minLength: 1, maxLength: 3 },
        ),
        (contents) => {
          const once = labeller.label(talk(...contents))
          for (const [index, content] of contents.entries()) {
            expect(
              applyReplacements(
                content,
                once.spans.filter((span) => span.message === index),
              ),
            ).toBe(once.messages[index])
          }
          const twice = labeller.label(talk(...once.messages))
          expect(twice.spans).toEqual([])
        },
      ),
      { numRuns: 400, seed: 7 },
    )
  })

  test.each([
    ['one letter', 'a'],
    ['one digit', '1'],
    ['capital words', 'Mary '],
    ['at-signs', '@'],
    ['digits and hyphens', '1-'],
    ['digits and spaces', '1 '],
    ['open fences', '```\n'],
    ['nested brackets', '[(<{'],
    ['lone surrogates', '\ud800'],
    ['joiners', 'a\u200d'],
    ['direction marks', '\u202eMary'],
    ['dots', 'a.'],
    ['colons and hex', 'a:'],
    ['underscores', 'A_1_'],
    ['Han', '王'],
    ['hyphens', '-----BEGIN '],
    ['tokens', 'eyJ'],
    ['street', '1 rue '],
    ['passwords', 'password '],
  ])('megabytes of %s end', (_, unit) => {
    const text = unit.repeat(Math.ceil(300_000 / unit.length))
    const label = labeller.label(talk(text))
    expect(label.messages[0]?.length).toBeGreaterThan(0)
  })
})
