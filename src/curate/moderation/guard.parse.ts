import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { InputError } from '../../errors.ts'
import { categories, type MessageModeration, moderationFrom, perCategory } from './categories.ts'

const category = z.enum(categories)
const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('codes'),
    safe: z.string(),
    unsafe: z.string(),
    code: z.string(),
    codes: z.record(z.string(), z.array(category)),
  }),
  z.strictObject({ kind: z.literal('yes-no'), yes: z.string(), no: z.string() }),
  z.strictObject({ kind: z.literal('list'), key: z.string() }),
  z.strictObject({ kind: z.literal('scores'), threshold: z.number().min(0).max(1) }),
])

/** A guard model as data: what it is asked, and how its answer reads. `{text}` stands for the message. */
export const guardTemplateSchema = z.strictObject({
  about: z.string(),
  asks: z
    .array(
      z.strictObject({
        categories: z.array(category).optional(),
        messages: z.array(z.strictObject({ role: z.enum(['system', 'user']), content: z.string() })).min(1),
      }),
    )
    .min(1),
  maxTokens: z.int().min(1).max(100_000),
  answer: answerSchema,
})

/** A parsed template. */
export type GuardTemplate = z.infer<typeof guardTemplateSchema>

/**
 * A template by name from guard.templates.json, or from a JSON file that holds one.
 * @throws InputError `guard-template` when there is none, or it is not of the form.
 */
export function loadGuardTemplate(name: string): GuardTemplate {
  const builtIn = z
    .record(z.string(), guardTemplateSchema)
    .parse(JSON.parse(readFileSync(new URL('./guard.templates.json', import.meta.url), 'utf8')))
  const known = builtIn[name]
  if (known) return known
  try {
    return guardTemplateSchema.parse(JSON.parse(readFileSync(name, 'utf8')))
  } catch (error) {
    throw new InputError(
      'guard-template',
      `There is no guard template '${name}': it is none of ${Object.keys(builtIn).join(', ')}, and no JSON file of their form.`,
      { cause: error },
    )
  }
}

/** What one answer says: the eleven, and codes beyond them; undefined when it cannot be read. */
export function readGuardAnswer(template: GuardTemplate, ask: number, text: string): MessageModeration | undefined {
  const { answer } = template
  if (answer.kind === 'codes') return readCodes(answer, text)
  if (answer.kind === 'yes-no') {
    const isYes = new RegExp(answer.yes, 'i').test(text)
    if (!isYes && !new RegExp(answer.no, 'i').test(text)) return undefined
    return fromSet(isYes ? (template.asks[ask]?.categories ?? []) : [])
  }
  const json = firstObject(text)
  if (answer.kind === 'list') {
    const named = z.record(z.string(), z.unknown()).safeParse(json).data?.[answer.key]
    const list = z.array(z.string()).safeParse(named)
    return list.success ? fromSet(list.data) : undefined
  }
  const scores = z.object(perCategory(() => z.number().min(0).max(1))).safeParse(json)
  return scores.success
    ? moderationFrom(
        scores.data,
        perCategory(() => answer.threshold),
      )
    : undefined
}

function readCodes(answer: Extract<GuardTemplate['answer'], { kind: 'codes' }>, text: string): MessageModeration | undefined {
  if (new RegExp(answer.unsafe, 'i').test(text)) {
    const codes = [...text.matchAll(new RegExp(answer.code, 'g'))].map(([code]) => code)
    // "unsafe" without a code that we know says that something is wrong, not what: neither clean nor any of the eleven.
    if (codes.length === 0 || codes.some((code) => !(code in answer.codes))) return undefined
    return fromSet(codes.flatMap((code) => (answer.codes[code]?.length ? (answer.codes[code] ?? []) : [code])))
  }
  return new RegExp(answer.safe, 'i').test(text) ? fromSet([]) : undefined
}

function fromSet(names: readonly string[]): MessageModeration {
  const moderation = moderationFrom(
    perCategory((name) => (names.includes(name) ? 1 : 0)),
    perCategory(() => 0.5),
  )
  const known = new Set<string>(categories)
  const others = names.filter((name) => !known.has(name))
  return others.length === 0 ? moderation : { ...moderation, extra: Object.fromEntries(others.map((name) => [name, 1])) }
}

function firstObject(text: string): unknown {
  const from = text.indexOf('{')
  const to = text.lastIndexOf('}')
  if (from < 0 || to < from) return undefined
  try {
    return JSON.parse(text.slice(from, to + 1))
  } catch {
    return undefined
  }
}
