import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { z } from 'zod'

/** A dataset card, read: its YAML head as data, the text behind it, and what is wrong with the YAML. */
export interface Card {
  data: Record<string, unknown>
  text: string
  errors: string[]
  warnings: string[]
}

/** One field of the form that asks for access. */
export interface FormField {
  name: string
  type: 'text' | 'checkbox' | 'date_picker' | 'country' | 'ip_location' | 'select'
  options: string[]
}

/** What the card says of the gate. */
export interface GateForm {
  heading: string
  text: string
  fields: FormField[]
}

/** Larger heads are not read: the head of a card is a page, not a data set. */
const MAX_HEAD = 200_000

/** Reads a card's YAML head. Never throws: what is wrong is in `errors`. */
export function readCard(content: string): Card {
  const normal = content.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n')
  const match = /^---\n([\s\S]*?)\n?---[ \t]*(?:\n|$)/.exec(normal)
  if (!match) return { data: {}, text: normal, errors: [], warnings: ['empty or missing yaml metadata in dataset card'] }
  const head = match[1] ?? ''
  const text = normal.slice(match[0].length)
  if (head.length > MAX_HEAD) return { data: {}, text, errors: [`YAML metadata is larger than ${MAX_HEAD} characters`], warnings: [] }
  try {
    // Its own check of keys compares each with all, and its pretty errors read the text again for each: seconds for a head of many keys or faults.
    const lines = new LineCounter()
    const document = parseDocument(head, { uniqueKeys: false, prettyErrors: false, lineCounter: lines })
    const errors = document.errors.slice(0, 20).map(({ message, pos }) => `${wordsOf(message)} (line ${lines.linePos(pos[0]).line})`)
    const twice = errors.length > 0 ? undefined : firstRepeatedKey(document)
    if (twice !== undefined) errors.push(`duplicated mapping key '${twice}'`)
    const value: unknown = errors.length > 0 ? {} : document.toJS({ maxAliasCount: 50 })
    const data = z.record(z.string(), z.unknown()).safeParse(value ?? {})
    if (!data.success) return { data: {}, text, errors: [...errors, 'YAML metadata must be a map of names to values'], warnings: [] }
    return {
      data: data.data,
      text,
      errors: [...errors, ...checkData(data.data)],
      warnings: document.warnings.map((warning) => warning.message),
    }
  } catch (error) {
    return { data: {}, text, errors: [error instanceof Error ? wordsOf(error.message) : 'YAML metadata cannot be read'], warnings: [] }
  }
}

/** The parser calls itself for what lies within. */
const wordsOf = (message: string): string => (message.startsWith('Maximum call stack') ? 'YAML metadata is nested too deeply' : message)

function firstRepeatedKey(document: Document): string | undefined {
  let found: string | undefined
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        const name: unknown = isScalar(key) ? key.value : key
        if (seen.has(name)) {
          found = String(name)
          return visit.BREAK
        }
        seen.add(name)
      }
      return undefined
    },
  })
  return found
}

/** The gate's text and form, from the fields that the Hub defines (`extra_gated_…`). A list of maps and one map are both accepted. */
export function gateForm(data: Readonly<Record<string, unknown>>): GateForm {
  const given = data.extra_gated_fields
  const maps = Array.isArray(given) ? given : [given]
  const pairs = maps.flatMap((map) => Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(map)))
  const fields = pairs.map(([name, form]): FormField => {
    const simple = FieldType.safeParse(form)
    if (simple.success) return { name, type: simple.data, options: [] }
    const select = SelectField.safeParse(form)
    if (select.success)
      return { name, type: 'select', options: select.data.options.map((option) => (typeof option === 'string' ? option : option.value)) }
    return { name, type: 'text', options: [] }
  })
  return { heading: textOf(data.extra_gated_heading), text: textOf(data.extra_gated_prompt), fields }
}

/** Tags as the Hub derives them from a card: `language:en`, `license:mit`, `task_categories:…`, and the card's own. */
export function cardTags(data: Readonly<Record<string, unknown>>): string[] {
  const named = [
    'task_categories',
    'task_ids',
    'language',
    'license',
    'size_categories',
    'multilinguality',
    'annotations_creators',
    'source_datasets',
  ]
  return [...named.flatMap((name) => textsOf(data[name]).map((value) => `${name}:${value}`)), ...textsOf(data.tags)]
}

/** The texts of a value that may be one text or a list of them. */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string')
}

const FieldType = z.enum(['text', 'checkbox', 'date_picker', 'country', 'ip_location'])
const SelectField = z.object({
  type: z.literal('select'),
  options: z.array(z.union([z.string(), z.object({ label: z.string(), value: z.string() })])).max(500),
})

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

const DataFiles = z.union([
  z.string(),
  z.array(z.string()),
  z.array(z.object({ split: z.string().regex(/^\w+(\.\w+)*$/), path: z.union([z.string(), z.array(z.string())]) })),
])
const Configs = z.array(z.looseObject({ config_name: z.string(), data_files: DataFiles.optional(), default: z.boolean().optional() }))

/** What clients would stumble over; unknown keys are nobody's harm. */
function checkData(data: Readonly<Record<string, unknown>>): string[] {
  const errors: string[] = []
  const configs = Configs.optional().safeParse(data.configs)
  if (!configs.success)
    errors.push(`"configs" ${configs.error.issues[0]?.message ?? 'is not valid'} at ${configs.error.issues[0]?.path.join('.') ?? ''}`)
  else if ((configs.data ?? []).filter((config) => config.default).length > 1) errors.push('"configs" names more than one default')
  for (const name of ['tags', 'task_categories', 'task_ids']) {
    if (data[name] !== undefined && data[name] !== null && !Array.isArray(data[name])) errors.push(`"${name}" must be an array`)
  }
  return errors
}
