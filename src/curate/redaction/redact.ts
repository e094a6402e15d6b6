import { append } from '../../append.ts'
import type { Message } from '../../conversation.ts'
import { applyReplacements, findOriginal, placeReplacements, type Replacement } from './apply.ts'
import { findCustom } from './custom.ts'
import type { Finding, Page } from './finding.ts'
import { linkMentions } from './link.ts'
import type { PersonFinder } from './names/persons.ts'
import { overlapsAny } from './overlap.ts'
import { findCode } from './reading/code.ts'
import type { Reader } from './reading/reader.ts'
import { resolveFindings } from './resolve.ts'
import type { ResolvedRedaction } from './settings.ts'
import { stretchesAround } from './stretches.ts'
import { findStructured } from './structured/structured.ts'
import { widenNames } from './widen.ts'

/** One replaced stretch: [start, end) in UTF-16 units of the original message. */
export interface RedactionSpan {
  message: number
  start: number
  end: number
  kind: string
  replacement: string
  confidence: number
}

/** A span with the rule that found it, or a near miss, which has no replacement. */
export interface ExplainedSpan extends Omit<RedactionSpan, 'replacement'> {
  rule: string
  replacement?: string
}

/** Everything found in one conversation. */
export interface Redaction {
  spans: (RedactionSpan & { rule: string })[]
  nearMisses: ExplainedSpan[]
  /** The messages' texts with the spans replaced. */
  texts: string[]
}

/** What reads texts and finds persons in them. */
export interface Finders {
  reader: Reader
  persons: PersonFinder
}

/** Rounds until nothing more is found in the replaced text; two are the rule, more are for hostile input. */
const maxRounds = 6

/**
 * Finds and links everything in one conversation. What was found is replaced and the result examined again until that finds nothing more, so that
 * redacting a redacted conversation changes nothing.
 */
export function redactMessages(messages: readonly Message[], settings: ResolvedRedaction, { reader, persons }: Finders): Redaction {
  const originals = messages.map((message) => message.content)
  const found: Finding[][] = originals.map(() => [])
  const words: Uint32Array[] = []
  const nearMisses: ExplainedSpan[] = []
  let replaced: Replacement[][] = originals.map(() => [])
  let texts = originals
  let waiting = originals.map((_, index) => index)
  let formsBefore = 0
  for (let round = 0; round < maxRounds && waiting.length > 0; round++) {
    const changed = new Set<number>()
    for (const message of waiting) {
      const text = texts[message] ?? ''
      if (round === 0) {
        const page = reader.open(text)
        words[message] = page.tokens.hash.slice(0, page.tokens.count)
        const { accepted, rejected } = examine(page, settings, persons)
        append(found[message] ?? [], accepted)
        if (accepted.length > 0) changed.add(message)
        append(
          nearMisses,
          rejected.map(({ start, end, kind, confidence, rule }) => ({ message, start, end, kind, confidence, rule })),
        )
      } else if (examineAgain(text, replaced[message] ?? [], found[message] ?? [], settings, { reader, persons })) changed.add(message)
    }
    const forms = settings.kinds.has('PERSON') ? personForms(originals, found) : []
    // The same forms find the same mentions again.
    if (forms.length > formsBefore) {
      formsBefore = forms.length
      const seek = persons.seek(forms)
      for (const [message, original] of originals.entries()) {
        const mentions = seek(original, words[message] ?? new Uint32Array(0))
        if (mentions.length === 0) continue
        const walls = [...(found[message] ?? [])].sort((a, b) => a.start - b.start)
        const { accepted } = resolveFindings(
          original,
          mentions.filter((finding) => !overlapsAny(walls, finding)),
          settings,
        )
        if (accepted.length === 0) continue
        append(found[message] ?? [], accepted)
        changed.add(message)
      }
    }
    for (const findings of found) findings.sort((a, b) => a.start - b.start)
    if (settings.kinds.has('PERSON')) widenNames(originals, found)
    replaced = number(originals, found, settings)
    texts = originals.map((text, index) => applyReplacements(text, replaced[index] ?? []))
    waiting = [...changed]
  }
  const spans = originals.flatMap((_, message) =>
    (found[message] ?? []).map(({ start, end, kind, confidence, rule }, index) => ({
      message,
      start,
      end,
      kind,
      replacement: replaced[message]?.[index]?.replacement ?? '',
      confidence,
      rule,
    })),
  )
  const isFree = (miss: ExplainedSpan) => !overlapsAny(found[miss.message] ?? [], miss)
  return { spans, nearMisses: nearMisses.filter(isFree), texts }
}

function examine(page: Page, settings: ResolvedRedaction, persons: PersonFinder) {
  const findings = findStructured(page)
  if (settings.kinds.has('PERSON')) append(findings, persons.find(page))
  if (settings.patterns.length > 0 || settings.deny.length > 0) append(findings, findCustom(page.text, settings))
  return resolveFindings(page.text, findings, settings)
}

/**
 * Examines a replaced text again around its replacements, and adds what is found to `found` at its place in the original; gives whether something
 * was. The recipe's own patterns may look at any distance: with them the whole text is examined.
 */
function examineAgain(
  text: string,
  replaced: readonly Replacement[],
  found: Finding[],
  settings: ResolvedRedaction,
  { reader, persons }: Finders,
): boolean {
  const whole = { from: 0, to: text.length, start: 0, end: text.length }
  const isCode = findCode(text)
  const places = placeReplacements(replaced)
  let hasMore = false
  for (const { from, to, start, end } of settings.patterns.length > 0 ? [whole] : stretchesAround(text, places)) {
    const page = reader.open(text.slice(from, to), (at) => isCode(from + at))
    for (const finding of examine(page, settings, persons).accepted) {
      if (from + finding.end <= start || from + finding.start >= end) continue
      const place = findOriginal(places, from + finding.start, from + finding.end)
      if (!place) continue
      found.push({ ...finding, ...place })
      hasMore = true
    }
  }
  return hasMore
}

/** The persons' names found so far, each form once, for finding their other mentions. */
function personForms(originals: readonly string[], found: readonly Finding[][]): string[] {
  const forms = new Set<string>()
  for (const [message, findings] of found.entries()) {
    for (const { kind, start, end, confidence } of findings) {
      const form = kind === 'PERSON' ? (originals[message] ?? '').slice(start, end) : ''
      // A full name is seldom taken by mistake; a single word must be surer before it spreads.
      if (form !== '' && confidence >= (/[\s·・]/.test(form) ? 0.6 : 0.85)) forms.add(form)
    }
  }
  return [...forms]
}

/** Numbers each message's findings, which are sorted, in reading order, above the numbers that the texts already use. */
function number(originals: readonly string[], found: readonly Finding[][], settings: ResolvedRedaction): Replacement[][] {
  const mentions = found.flatMap((findings, message) =>
    findings.map(({ kind, start, end }) => ({ kind, text: (originals[message] ?? '').slice(start, end) })),
  )
  if (mentions.length === 0) return originals.map(() => [])
  const highest = settings.tags.highest(originals)
  const numbers = linkMentions(mentions)
  let at = 0
  return found.map((findings) =>
    findings.map(({ start, end, kind }) => {
      const tag = settings.kinds.get(kind)?.tag ?? kind
      return { start, end, replacement: `${tag}_${(highest.get(tag) ?? 0) + (numbers[at++] ?? 0) + 1}` }
    }),
  )
}
