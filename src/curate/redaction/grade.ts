import { z } from 'zod'
import { InputError } from '../../errors.ts'

/** A share with its 95 % Wilson interval. */
export interface Share {
  share: number
  low: number
  high: number
}

/** What a graded review says: of one kind, or of all. */
export interface Grades {
  graded: number
  precision?: Share
  /** Of what the rules saw at all, as a redaction or a near miss: what they never saw is not in it. */
  recall?: Share
}

const populationSchema = z.object({
  fingerprint: z.string().optional(),
  population: z.record(z.string(), z.object({ redacted: z.int().min(0), nearMisses: z.int().min(0) })),
})
const itemSchema = z.object({ kind: z.string(), decision: z.enum(['redacted', 'near-miss']), grade: z.boolean().nullable() })

/**
 * Measured precision and recall of a graded review file's lines. Items whose grade is null do not count.
 * @throws InputError `review-invalid` naming the line
 */
export function gradeReview(lines: readonly string[]): { fingerprint?: string; all: Grades; kinds: Record<string, Grades> } {
  const head = populationSchema.safeParse(parse(lines[0] ?? ''))
  if (!head.success)
    throw new InputError('review-invalid', "Line 1 is no {population}: give the file that 'colloquy redaction review' wrote, graded.")
  const items = lines.slice(1).flatMap((line, index) => {
    if (line.trim() === '') return []
    const item = itemSchema.safeParse(parse(line))
    if (!item.success) throw new InputError('review-invalid', `Line ${index + 2} is no graded item: 'grade' takes true, false or null.`)
    return item.data.grade === null ? [] : [{ ...item.data, grade: item.data.grade }]
  })
  const { population, fingerprint } = head.data
  const names = Object.keys(population).sort()
  const sum = (part: 'redacted' | 'nearMisses') => names.reduce((total, name) => total + (population[name]?.[part] ?? 0), 0)
  return {
    ...(fingerprint === undefined ? {} : { fingerprint }),
    all: measure(items, { redacted: sum('redacted'), nearMisses: sum('nearMisses') }),
    kinds: Object.fromEntries(
      names.map((name) => [
        name,
        measure(
          items.filter(({ kind }) => kind === name),
          population[name] ?? { redacted: 0, nearMisses: 0 },
        ),
      ]),
    ),
  }
}

type Item = { decision: 'redacted' | 'near-miss'; grade: boolean }

function measure(items: readonly Item[], counts: { redacted: number; nearMisses: number }): Grades {
  const share = (decision: Item['decision']) => {
    const of = items.filter((item) => item.decision === decision)
    return of.length === 0 ? undefined : wilson(of.filter(({ grade }) => grade).length, of.length)
  }
  const right = share('redacted')
  const missed = share('near-miss') ?? (counts.nearMisses === 0 ? { share: 0, low: 0, high: 0 } : undefined)
  const recall = (found: number, lost: number) => {
    const [hit, miss] = [counts.redacted * found, counts.nearMisses * lost]
    return hit + miss === 0 ? 0 : hit / (hit + miss)
  }
  return {
    graded: items.length,
    ...(right ? { precision: right } : {}),
    ...(right && missed
      ? { recall: { share: recall(right.share, missed.share), low: recall(right.low, missed.high), high: recall(right.high, missed.low) } }
      : {}),
  }
}

/** The 95 % interval of a share. @see Wilson, Probable inference (1927) */
export function wilson(hits: number, trials: number): Share {
  const z = 1.959964
  const share = hits / trials
  const middle = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials)
  const reach = (z / (1 + (z * z) / trials)) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials))
  return { share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
