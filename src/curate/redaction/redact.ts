import type { Message } from '../../conversation.ts'
import { applyReplacements, type Replacement, toOriginal } from './apply.ts'
import { findCustom } from './custom.ts'
import type { Finding } from './finding.ts'
import { linkMentions } from './link.ts'
import type { PersonFinder } from './names/persons.ts'
import type { Reader } from './reading/reader.ts'
import { resolveFindings } from './resolve.ts'
import type { ResolvedRedaction } from './settings.ts'
import { findStructured } from './structured/structured.ts'

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
  const nearMisses: ExplainedSpan[] = []
  let replaced: Replacement[][] = originals.map(() => [])
  let texts = originals
  let waiting = originals.map((_, index) => index)
  for (let round = 0; round < maxRounds && waiting.length > 0; round++) {
    const changed = new Set<number>()
    const add = (message: number, findings: readonly Finding[]) => {
      for (const finding of findings) {
        const place = toOriginal(replaced[message] ?? [], finding.start, finding.end)
        if (!place) continue
        found[message]?.push({ ...finding, ...place })
        changed.add(message)
      }
    }
    for (const message of waiting) {
      const { accepted, rejected } = examine(texts[message] ?? '', settings, { reader, persons })
      add(message, accepted)
      if (round === 0)
        nearMisses.push(...rejected.map(({ start, end, kind, confidence, rule }) => ({ message, start, end, kind, confidence, rule })))
    }
    const forms = settings.kinds.has('PERSON') ? personForms(originals, found) : []
    if (forms.length > 0) {
      for (const [message, original] of originals.entries()) {
        const walls = found[message] ?? []
        const more = persons
          .findKnown(original, forms)
          .filter((finding) => !walls.some((wall) => wall.start < finding.end && finding.start < wall.end))
        const { accepted } = resolveFindings(original, more, settings)
        if (accepted.length === 0) continue
        found[message]?.push(...accepted)
        changed.add(message)
      }
    }
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
  const isFree = (miss: ExplainedSpan) => !found[miss.message]?.some((span) => span.start < miss.end && miss.start < span.end)
  return { spans, nearMisses: nearMisses.filter(isFree), texts }
}

function examine(text: string, settings: ResolvedRedaction, { reader, persons }: Finders) {
  const page = reader.open(text)
  const findings = findStructured(page)
  if (settings.kinds.has('PERSON')) findings.push(...persons.find(page))
  if (settings.patterns.length > 0 || settings.deny.length > 0) findings.push(...findCustom(text, settings))
  return resolveFindings(text, findings, settings)
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

/** Sorts each message's findings and numbers all of them in reading order, above the numbers that the texts already use. */
function number(originals: readonly string[], found: readonly Finding[][], settings: ResolvedRedaction): Replacement[][] {
  for (const findings of found) findings.sort((a, b) => a.start - b.start)
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
