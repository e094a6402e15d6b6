import { categories, type PerCategory } from '../../src/curate/moderation/categories.ts'
import type { Judged } from '../../src/curate/moderation/classifier.ts'
import { atThreshold, averagePrecision, calibrationError, rocArea, type Scored } from '../../src/curate/moderation/metrics.ts'
import type { Example } from './example.ts'

/** Measures the finished model on everything that training did not see; the table in lines, and one line for the manifest. */
export function report(
  judge: (text: string) => Judged,
  examples: readonly Example[],
  thresholds: PerCategory<number>,
): { lines: string[]; quality: string } {
  const judged = examples.filter(({ part }) => part !== 'train').map((item) => ({ item, scores: judge(item.text).scores }))
  const lines = [
    `thresholds ${JSON.stringify(thresholds)}`,
    'set | category | n | positives | AUPRC | at equal shares | ROC | precision | recall | F1 | ECE',
  ]
  const figures = new Map<string, { auprc: number; roc: number; f1: number }>()
  const top = (scores: PerCategory<number>) => Math.max(...categories.map((category) => scores[category] / thresholds[category])) / 2
  for (const set of new Set(judged.map(({ item }) => `${item.set}:${item.part}`))) {
    const members = judged.filter(({ item }) => `${item.set}:${item.part}` === set)
    for (let k = 0; k <= categories.length; k += 1) {
      const category = categories[k]
      const cases = members.flatMap(({ item, scores }): Scored[] => {
        const target = item.targets[k] ?? Number.NaN
        if (Number.isNaN(target)) return []
        const best = Math.max(...categories.map((name) => scores[name]))
        return [{ score: category === undefined ? best : scores[category], isPositive: target >= 0.5 }]
      })
      const positives = cases.filter(({ isPositive }) => isPositive).length
      if (positives < 5 || positives === cases.length) continue
      const f = atThreshold(cases, category === undefined ? 0.5 : thresholds[category])
      const one = { auprc: averagePrecision(cases), roc: rocArea(cases), f1: f.f1 }
      figures.set(`${set}:${category ?? 'any'}`, one)
      const numbers = [one.auprc, balancedPrecision(cases), one.roc, f.precision, f.recall, f.f1, calibrationError(cases)].map((value) =>
        value.toFixed(3),
      )
      lines.push([set, category ?? 'any', cases.length, positives, ...numbers].join(' | '))
    }
    const clean = members.filter(({ item }) => item.targets.every((target) => target === 0))
    const flagged = clean.filter(({ scores }) => top(scores) >= 0.5).length
    if (clean.length > 0)
      lines.push(`${set} | false alarms | ${clean.length} | ${flagged} | ${((100 * flagged) / clean.length).toFixed(1)} %`)
  }
  const safe = judged.filter(({ item }) => item.set === 'xstest-safe')
  const unsafe = judged.filter(({ item }) => item.set === 'xstest-unsafe')
  const share = (members: typeof safe) => (100 * members.filter(({ scores }) => top(scores) >= 0.5).length) / Math.max(1, members.length)
  lines.push(`XSTest flagged: safe ${share(safe).toFixed(1)} %, unsafe ${share(unsafe).toFixed(1)} %`)
  const show = (key: string) => {
    const one = figures.get(key)
    return one ? `${one.auprc.toFixed(3)} (${one.f1.toFixed(3)})` : 'not measured'
  }
  const chat = ['any', 'harassment', 'hate', 'self-harm', 'sexual', 'violence']
  const written = (set: string) => ['any', ...categories.filter((name) => figures.has(`${set}:test:${name}`))]
  const list = (set: string, names: readonly string[]) => names.map((name) => `${name} ${show(`${set}:test:${name}`)}`).join(', ')
  const counted = (set: string) => judged.filter(({ item }) => item.set === set && item.part === 'test').length
  const quality =
    `AUPRC (F1) on text that training did not see. ${counted('hh-hand')} hand-labelled messages of hh-rlhf: ${list('hh-hand', chat)}. ` +
    `${counted('hh-late')} more, mostly hard ones: ${list('hh-late', chat)}. ` +
    `${counted('check')} texts written for this, look-alikes among them: ${list('check', written('check'))}. ` +
    `${counted('check-self-harm')} more on self-harm, told quietly: ${list('check-self-harm', written('check-self-harm'))}. ` +
    `${counted('check-comments')} comments: ${list('check-comments', written('check-comments'))}. ` +
    `HateCheck: ${list('hatecheck', ['hate', 'hate/threatening'])}. TweetEval: harassment ${show('tweeteval-offensive:test:harassment')}, ` +
    `hate ${show('tweeteval-hate:test:hate')}. ConvAbuse: ${list('convabuse', ['any', 'harassment', 'sexual'])}. ` +
    `sexual/minors is not measured. False alarms on XSTest's 250 safe prompts: ${share(safe).toFixed(1)} %`
  lines.push(quality)
  return { lines, quality }
}

/** Average precision as it would be with as many positives as negatives: what lets sets with other shares be compared. */
function balancedPrecision(cases: readonly Scored[]): number {
  const positives = cases.filter(({ isPositive }) => isPositive).length
  const share = positives / (cases.length - positives)
  let found = 0
  let wrong = 0
  let area = 0
  for (const { isPositive } of [...cases].sort((a, b) => b.score - a.score || Number(a.isPositive) - Number(b.isPositive))) {
    if (isPositive) found += 1
    else wrong += share
    if (isPositive) area += found / (found + wrong) / positives
  }
  return area
}
