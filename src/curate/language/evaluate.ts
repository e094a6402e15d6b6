import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Conversation } from '../../conversation.ts'
import { InputError } from '../../errors.ts'
import { createLanguageLabeller } from './labeller.ts'

/** How well the labeller does on one file of known languages. */
export interface LanguageScore {
  file: string
  texts: number
  /** Mean of the languages' accuracies. */
  accuracy: number
  /** Share of texts right. */
  textAccuracy: number
  textsPerSecond: number
  languages: { code: string; texts: number; right: number; mostTakenFor: string | null }[]
  /** Texts by stated confidence in tenths: how many, mean confidence, share right. */
  reliability: { texts: number; confidence: number; right: number }[]
}

/**
 * Measures the labeller on a file of `code<TAB>text` lines (ISO codes; `nb` is taken as `no`), one text each, as a conversation of one user message.
 * @throws InputError `eval-line-invalid` naming the line that has no code or no text.
 */
export async function evaluateLanguage(file: string): Promise<LanguageScore> {
  const labeller = await createLanguageLabeller()
  const texts = await readTexts(file)
  const started = performance.now()
  const facts = await Promise.all(texts.map(({ text }) => labeller.label(oneMessage(text))))
  const seconds = (performance.now() - started) / 1000
  const languages = new Map<string, { texts: number; right: number; taken: Map<string, number> }>()
  const bins = Array.from({ length: 10 }, () => ({ texts: 0, confidence: 0, right: 0 }))
  texts.forEach(({ code }, at) => {
    const fact = facts[at]
    const score = languages.get(code) ?? { texts: 0, right: 0, taken: new Map() }
    const bin = bins[Math.min(9, Math.floor((fact?.confidence ?? 0) * 10))]
    if (!fact || !bin) return
    languages.set(code, score)
    score.texts++
    bin.texts++
    bin.confidence += fact.confidence
    if (fact.code === code) {
      score.right++
      bin.right++
    } else score.taken.set(fact.code, (score.taken.get(fact.code) ?? 0) + 1)
  })
  const rows = [...languages].sort(([a], [b]) => (a < b ? -1 : 1))
  const right = rows.reduce((sum, [, score]) => sum + score.right, 0)
  return {
    file,
    texts: texts.length,
    accuracy: rows.reduce((sum, [, score]) => sum + score.right / score.texts, 0) / Math.max(1, rows.length),
    textAccuracy: right / Math.max(1, texts.length),
    textsPerSecond: Math.round(texts.length / seconds),
    languages: rows.map(([code, score]) => ({
      code,
      texts: score.texts,
      right: score.right,
      mostTakenFor: [...score.taken].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
    })),
    reliability: bins.map((bin) => ({
      texts: bin.texts,
      confidence: bin.texts ? bin.confidence / bin.texts : 0,
      right: bin.texts ? bin.right / bin.texts : 0,
    })),
  }
}

async function readTexts(file: string): Promise<{ code: string; text: string }[]> {
  const texts: { code: string; text: string }[] = []
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (line === '') continue
    const tab = line.indexOf('\t')
    if (tab < 1 || tab === line.length - 1) {
      throw new InputError('eval-line-invalid', `Line ${number} of ${file} is not 'code<TAB>text'.`)
    }
    const code = line.slice(0, tab)
    texts.push({ code: code === 'nb' ? 'no' : code, text: line.slice(tab + 1) })
  }
  return texts
}

function oneMessage(content: string): Conversation {
  return { id: '', model: '', messages: [{ role: 'user', content }], turns: 0, source: { file: '', line: 0 } }
}
