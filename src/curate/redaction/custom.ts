import { type Finding, isWhole } from './finding.ts'
import type { ResolvedRedaction } from './settings.ts'

/** What the recipe's own patterns and deny list find in one text. */
export function findCustom(text: string, settings: ResolvedRedaction): Finding[] {
  const found: Finding[] = []
  for (const { kind, confidence, compiled } of settings.patterns) {
    const matcher = compiled.matcher(text)
    while (matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()]
      if (end > start) found.push({ start, end, kind, confidence, rule: 'recipe-pattern' })
    }
  }
  if (settings.deny.length === 0) return found
  const lower = text.toLowerCase()
  const haystack = lower.length === text.length ? lower : text
  for (const { value, kind } of settings.deny) {
    for (let at = haystack.indexOf(value); at >= 0; at = haystack.indexOf(value, at + value.length)) {
      if (isWhole(text, at, at + value.length)) found.push({ start: at, end: at + value.length, kind, confidence: 1, rule: 'recipe-deny' })
    }
  }
  return found
}
