import type { Finding } from './finding.ts'
import { overlapsAny } from './overlap.ts'

/** Longest word that is looked at beside a name. */
const longest = 40

/**
 * Widens each person's name onto the word beside it that is found as a person elsewhere in the conversation: of "Gene Bosco" only "Bosco" may look like
 * a name, but where "Gene" speaks elsewhere it is one name. Both must be capitalised and one space apart. Findings are sorted by position.
 */
export function widenNames(originals: readonly string[], found: readonly Finding[][]): void {
  const forms = new Set<string>()
  for (const [message, findings] of found.entries())
    for (const { kind, start, end } of findings) {
      const form = kind === 'PERSON' && end - start <= longest ? (originals[message] ?? '').slice(start, end) : ''
      if (/^\p{Lu}[\p{L}'’-]+$/u.test(form)) forms.add(form)
    }
  if (forms.size < 2) return
  for (const [message, findings] of found.entries()) {
    const text = originals[message] ?? ''
    for (const finding of findings) {
      if (finding.kind !== 'PERSON' || !/^\p{Lu}/u.test(text.slice(finding.start, finding.start + 2))) continue
      const before = /(?<![\p{L}\p{N}_'’-])\p{Lu}[\p{L}'’-]+ $/u.exec(
        text.slice(Math.max(0, finding.start - longest - 1), finding.start),
      )?.[0]
      if (before && forms.has(before.trimEnd())) widen(findings, finding, finding.start - before.length, finding.end)
      const behind = /^ \p{Lu}[\p{L}'’-]*\p{L}(?![\p{L}\p{N}_])/u.exec(text.slice(finding.end, finding.end + longest + 1))?.[0]
      if (behind && forms.has(behind.trimStart())) widen(findings, finding, finding.start, finding.end + behind.length)
    }
  }
}

/** Takes the wider place where no other finding stands in it. */
function widen(findings: readonly Finding[], finding: Finding, start: number, end: number): void {
  const added = start < finding.start ? { start, end: finding.start } : { start: finding.end, end }
  if (!overlapsAny(findings, added)) Object.assign(finding, { start, end })
}
