import { type Category, categories, type MessageModeration } from './categories.ts'
import { atThreshold, averagePrecision, calibrationError, kappa, rocArea, type Scored } from './metrics.ts'
import { readTruth } from './truth.ts'

/** Judges one text; what a source does. */
export type Judge = (text: string) => MessageModeration | Promise<MessageModeration>

/** A measured category, or `any`: flagged at all, scored by the highest category. NaN where there is nothing to divide by. */
export interface CategoryFigures {
  category: Category | 'any'
  cases: number
  positives: number
  auprc: number
  roc: number
  precision: number
  recall: number
  f1: number
  calibrationError: number
}

/** A case that came out wrong. The text is there only when asked for. */
export interface Confusion {
  category: Category | 'any'
  kind: 'false alarm' | 'miss'
  /** 1-based place among the file's records. */
  record: number
  characters: number
  score: number
  text?: string
}

/** How far two sources say the same. */
export interface Agreement {
  category: Category | 'any'
  same: number
  kappa: number
  onlyFirst: number
  onlySecond: number
}

/** What `colloquy eval moderation` finds in one file. */
export interface ModerationFigures {
  file: string
  records: number
  refused: Record<string, number>
  failed: number
  lowConfidence: number
  categories: CategoryFigures[]
  confusions: Confusion[]
  agreement?: Agreement[]
}

interface Kept extends Scored {
  isOn: boolean
  record: number
  characters: number
  text?: string
}

/** Width of concurrent judging; a local source takes them one after the other anyway. */
const width = 64
const shown = 3

/**
 * Measures a source on a file of known truth, and its agreement with another where one is given. Memory holds scores; texts only of cases that are
 * shown, and only with `uncover`.
 * @throws NotFoundError `eval-file-unknown`; InputError `eval-file-unreadable`
 */
export async function evaluateModeration(
  file: string,
  judge: Judge,
  options: { against?: Judge; uncover?: boolean } = {},
): Promise<ModerationFigures> {
  const names = [...categories, 'any'] as const
  const kept = new Map<Category | 'any', Kept[]>(names.map((name) => [name, []]))
  const pairs = new Map<Category | 'any', [boolean, boolean][]>(names.map((name) => [name, []]))
  const refused: Record<string, number> = {}
  let records = 0
  let failed = 0
  let lowConfidence = 0
  const take = async (text: string, truth: Partial<Record<Category | 'any', boolean>>, record: number) => {
    const answer = await judge(text)
    const other = await options.against?.(text)
    if (answer.failed !== undefined || other?.failed !== undefined) {
      failed += 1
      return
    }
    if (answer.confidence === 'low') lowConfidence += 1
    for (const name of names) {
      const [isOn, score] = read(answer, name)
      if (other) pairs.get(name)?.push([isOn, read(other, name)[0]])
      const isPositive = truth[name]
      if (isPositive === undefined) continue
      const isWrong = isOn !== isPositive
      kept.get(name)?.push({ score, isPositive, isOn, record, characters: text.length, ...(options.uncover && isWrong ? { text } : {}) })
    }
  }
  let underWay: Promise<void>[] = []
  for await (const item of readTruth(file)) {
    records += 1
    if ('refused' in item) {
      refused[item.refused] = (refused[item.refused] ?? 0) + 1
      continue
    }
    underWay.push(take(item.text, item.truth, records))
    if (underWay.length < width) continue
    await Promise.all(underWay)
    underWay = []
  }
  await Promise.all(underWay)
  return {
    file,
    records,
    refused,
    failed,
    lowConfidence,
    categories: names.flatMap((name) => figuresOf(name, kept.get(name) ?? [])),
    confusions: names.flatMap((name) => confusionsOf(name, kept.get(name) ?? [])),
    ...(options.against ? { agreement: names.map((name) => agreementOf(name, pairs.get(name) ?? [])) } : {}),
  }
}

function read(answer: MessageModeration, name: Category | 'any'): [boolean, number] {
  if (name === 'any') return [answer.flagged, Math.max(...categories.map((category) => answer.category_scores[category]))]
  return [answer.categories[name], answer.category_scores[name]]
}

function figuresOf(category: Category | 'any', cases: readonly Kept[]): CategoryFigures[] {
  if (cases.length === 0) return []
  // Flags rather than scores decide precision and recall: thresholds are the source's own, one a category.
  const { precision, recall, f1, called } = atThreshold(
    cases.map(({ isOn, isPositive }) => ({ score: isOn ? 1 : 0, isPositive })),
    1,
  )
  const positives = cases.filter(({ isPositive }) => isPositive).length
  return [
    {
      category,
      cases: cases.length,
      positives,
      auprc: averagePrecision(cases),
      roc: rocArea(cases),
      precision: called === 0 ? Number.NaN : precision,
      recall,
      f1: positives === 0 ? Number.NaN : f1,
      calibrationError: calibrationError(cases),
    },
  ]
}

function confusionsOf(category: Category | 'any', cases: readonly Kept[]): Confusion[] {
  const worst = (kind: Confusion['kind']) =>
    cases
      .filter(({ isOn, isPositive }) => (kind === 'miss' ? isPositive && !isOn : isOn && !isPositive))
      .sort((a, b) => (kind === 'miss' ? a.score - b.score : b.score - a.score) || a.record - b.record)
      .slice(0, shown)
      .map(({ record, characters, score, text }) => ({
        category,
        kind,
        record,
        characters,
        score,
        ...(text === undefined ? {} : { text }),
      }))
  return [...worst('false alarm'), ...worst('miss')]
}

function agreementOf(category: Category | 'any', pairs: readonly (readonly [boolean, boolean])[]): Agreement {
  return {
    category,
    same: pairs.filter(([a, b]) => a === b).length / Math.max(1, pairs.length),
    kappa: kappa(pairs),
    onlyFirst: pairs.filter(([a, b]) => a && !b).length,
    onlySecond: pairs.filter(([a, b]) => b && !a).length,
  }
}
