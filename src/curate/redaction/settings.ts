import { RE2JS } from 're2js'
import { z } from 'zod'
import { describeError, InputError } from '../../errors.ts'
import { type BuiltInKind, type Kind, kinds } from './kinds.ts'
import { createTagReader, type TagReader } from './tags.ts'

const kindName = z.string().regex(/^[A-Z][A-Z_]{1,29}[A-Z]$/, 'takes 3–31 capital letters and underscores')
const builtIn = z.enum(Object.keys(kinds) as [BuiltInKind, ...BuiltInKind[]])

/** The part `redaction` of a recipe, as a person writes it. Everything may be left out. */
export const redactionSettingsSchema = z
  .strictObject({
    /** Kinds switched off (`false`); all others are on. */
    kinds: z.partialRecord(builtIn, z.boolean()).default({}),
    /** Confidence (0–1) from which a kind is redacted, where the default is not wanted. */
    thresholds: z.record(kindName, z.number().min(0).max(1)).default({}),
    /** Values that stay, compared whole and without case. */
    allow: z.array(z.string().min(1).max(200)).max(100_000).default([]),
    /** Values that always go, found as whole words without case. */
    deny: z
      .array(z.strictObject({ value: z.string().min(2).max(200), kind: kindName.default('PERSON') }))
      .max(100_000)
      .default([]),
    /** Further kinds of the operator: RE2 syntax, which runs in linear time whatever the pattern. */
    patterns: z
      .array(z.strictObject({ kind: kindName, pattern: z.string().min(1).max(2000), confidence: z.number().min(0).max(1).default(0.9) }))
      .max(200)
      .default([]),
    /** Names of persons that stand in conversations of more than this many different users stay: they are everybody's. */
    keepNames: z.strictObject({ moreThanUsers: z.int().min(1).max(1_000_000_000) }).optional(),
  })
  .default({ kinds: {}, thresholds: {}, allow: [], deny: [], patterns: [] })

/** Settings as written in a recipe. */
export type RedactionSettings = z.input<typeof redactionSettingsSchema>

/** Settings made complete, patterns compiled. */
export interface ResolvedRedaction {
  /** Kind by name, built-in and the operator's, without those switched off. */
  kinds: ReadonlyMap<string, Kind>
  allow: ReadonlySet<string>
  deny: readonly { value: string; kind: string }[]
  patterns: readonly { kind: string; confidence: number; compiled: RE2JS }[]
  /** Reads the tags of all kinds, those switched off included. */
  tags: TagReader
  /** Whose names stay, decided over the whole set. */
  keepNames?: { moreThanUsers: number }
  /** The settings that decide on one conversation as plain data, for the fingerprint. */
  plain: unknown
}

/**
 * Completes and checks the settings.
 * @throws InputError `redaction-settings-invalid` naming the field, `redaction-pattern-invalid` naming the pattern's number.
 */
export function resolveRedaction(settings: RedactionSettings | Record<string, unknown>): ResolvedRedaction {
  const parsed = redactionSettingsSchema.safeParse(settings)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new InputError(
      'redaction-settings-invalid',
      `Recipe: redaction.${issue?.path.join('.')}: ${issue?.message}. Kinds: ${Object.keys(kinds).join(', ')}.`,
    )
  }
  const { keepNames, ...plain } = parsed.data
  const own = [...plain.patterns, ...plain.deny].map((entry) => entry.kind)
  const tags = new Map<string, string>(Object.entries(kinds).map(([name, kind]) => [kind.tag, name]))
  for (const name of own) {
    const owner = tags.get(name)
    if (owner && owner !== name)
      throw new InputError(
        'redaction-settings-invalid',
        `Recipe: redaction: kind '${name}' would share its tags with '${owner}'. Use '${owner}' or another name.`,
      )
  }
  const all = new Map<string, Kind>(Object.entries(kinds).filter(([name]) => plain.kinds[name as BuiltInKind] !== false))
  for (const name of own) if (!all.has(name)) all.set(name, { tag: name, threshold: 0.5, rank: -1, help: 'added by the recipe' })
  for (const [name, threshold] of Object.entries(plain.thresholds)) {
    const kind = all.get(name) ?? kinds[name as BuiltInKind]
    if (!kind)
      throw new InputError(
        'redaction-settings-invalid',
        `Recipe: redaction.thresholds: there is no kind '${name}'. Kinds: ${[...all.keys()].join(', ')}.`,
      )
    if (all.has(name)) all.set(name, { ...kind, threshold })
  }
  return {
    kinds: all,
    allow: new Set(plain.allow.map((value) => value.toLowerCase())),
    deny: plain.deny.map(({ value, kind }) => ({ value: value.toLowerCase(), kind })),
    patterns: plain.patterns.map(({ kind, pattern, confidence }, index) => ({ kind, confidence, compiled: compile(pattern, index) })),
    tags: createTagReader([...Object.values(kinds), ...all.values()].map((kind) => kind.tag)),
    plain,
    ...(keepNames ? { keepNames } : {}),
  }
}

/** RE2 has no backtracking: time is linear in the text. What it cannot express (look-around, back references) is refused. */
function compile(pattern: string, index: number): RE2JS {
  try {
    const compiled = RE2JS.compile(pattern)
    if (!compiled.matcher('').matches()) return compiled
  } catch (cause) {
    throw new InputError(
      'redaction-pattern-invalid',
      `Recipe: redaction.patterns[${index}] is no RE2 pattern (${describeError(cause)}). Look-around and back references are not in RE2: leave them out.`,
      { cause },
    )
  }
  throw new InputError(
    'redaction-pattern-invalid',
    `Recipe: redaction.patterns[${index}] matches the empty text, so it would match everywhere. Ask for at least one letter.`,
  )
}
