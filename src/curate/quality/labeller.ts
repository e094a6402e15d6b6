import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Conversation } from '../../conversation.ts'
import { InputError } from '../../errors.ts'
import type { Column, Row } from '../../storage/parquet.ts'
import { commonnessUrl, readCommonness } from '../contamination/commonness.ts'
import type { Endpoint, Network } from '../contamination/endpoint.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { createLanguageLabeller, type LanguageLabel } from '../language/labeller.ts'
import { criteria, difficultyOf, type Verdict } from './criteria.ts'
import { openJudge } from './judge.ts'
import { createScorer } from './scorer.ts'
import { readSignals, type Signals } from './signals.ts'

/** The label `quality`: facts of form, and the difficulty of the first prompt (1–10) with the criteria it meets. */
export interface QualityLabel extends Signals {
  /** The last prompt's language and its answer's are told apart surely, and no other language was asked for. */
  languageMismatch: boolean
  difficulty: number
  criteria: Verdict
  /** The judge's difficulty and criteria where one is configured and gave a verdict, else null. */
  judgedDifficulty: number | null
  judgedCriteria: Verdict | null
}

/** A chat endpoint that judges difficulty beside the offline scorer, and a prompt of one's own. */
export interface QualitySettings {
  judge?: Endpoint & { prompt?: string }
  cache: string
  world?: Network
}

const settingsSchema = z.strictObject({
  judge: z.strictObject({ url: z.url(), model: z.string(), promptFile: z.string().optional() }).optional(),
  cache: z.string().default('.colloquy-answers'),
  apiKey: z.string().optional(),
})

/** Settings as a recipe gives them. @throws InputError `quality-settings` naming the field. */
export function parseQualitySettings(settings: Readonly<Record<string, unknown>>): QualitySettings {
  const parsed = settingsSchema.safeParse(settings)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new InputError('quality-settings', `The recipe's quality settings: ${issue?.path.join('.') || 'settings'}: ${issue?.message}.`)
  }
  const { judge, cache, apiKey } = parsed.data
  if (!judge) return { cache }
  const prompt = judge.promptFile ? { prompt: readFileSync(judge.promptFile, 'utf8') } : {}
  return { judge: { url: judge.url, model: judge.model, ...(apiKey ? { key: apiKey } : {}), ...prompt }, cache }
}

const version = '2'

const verdictType: Column['type'] = { struct: criteria.map((name) => ({ name, type: 'boolean' })) }
const columns: readonly Column[] = [
  { name: 'prompt_length', type: 'int32' },
  { name: 'answer_length', type: 'int32' },
  { name: 'answers', type: 'int32' },
  { name: 'refusals', type: 'int32' },
  { name: 'repetition', type: 'double' },
  { name: 'truncated', type: 'boolean' },
  { name: 'errors', type: 'int32' },
  { name: 'empty', type: 'int32' },
  { name: 'code_share', type: 'double' },
  { name: 'language_mismatch', type: 'boolean' },
  { name: 'difficulty', type: 'int32' },
  { name: 'criteria', type: verdictType },
  { name: 'judged_difficulty', type: 'int32' },
  { name: 'judged_criteria', type: verdictType },
]

/** The labeller `quality`. @throws RetryableError `endpoint-failed` where a judge is configured and fails. */
export async function createQualityLabeller({ judge, cache, world }: QualitySettings): Promise<Labeller<QualityLabel>> {
  const scorer = createScorer(readCommonness())
  const language = await createLanguageLabeller()
  const ask =
    judge && openJudge({ endpoint: judge, folder: cache, ...(judge.prompt ? { prompt: judge.prompt } : {}), ...(world ? { world } : {}) })
  const weights = createHash('sha256').update(readFileSync(commonnessUrl)).digest('hex').slice(0, 16)
  return {
    name: 'quality',
    version,
    fingerprint: fingerprintOf(version, weights, language.fingerprint, judge?.url, judge?.model, judge?.prompt),
    columns,
    about: { settings: { judge: judge ? judge.model : null } },
    async label(conversation) {
      const prompt = conversation.messages.find(({ role }) => role === 'user')?.content ?? ''
      const verdict = scorer(prompt)
      const judged = await ask?.(prompt)
      return {
        ...readSignals(conversation.messages),
        languageMismatch: await isMismatch(conversation, language),
        difficulty: difficultyOf(verdict),
        criteria: verdict,
        judgedDifficulty: judged ? difficultyOf(judged) : null,
        judgedCriteria: judged ?? null,
      }
    },
    toRow,
    ...(ask ? { concurrency: 8 } : {}),
  }
}

const sure = 0.8
const leastLength = 40

/** Compares the last prompt with its answer, their first thousand characters. A prompt that speaks of translating or of a language may want another one; short messages tell little. */
async function isMismatch(conversation: Conversation, language: Labeller<LanguageLabel>): Promise<boolean> {
  const { messages } = conversation
  const answer = messages.findLastIndex(({ role }) => role === 'assistant')
  const prompt = messages.findLastIndex(({ role }, index) => role === 'user' && index < answer)
  const texts = [messages[prompt]?.content ?? '', messages[answer]?.content ?? ''].map((text) => text.slice(0, 1000))
  if (texts.some((text) => text.length < leastLength)) return false
  const pair = texts.map((content) => ({ role: 'user' as const, content }))
  const [asked, given] = (await language.label({ ...conversation, messages: pair })).messages
  if (!asked || !given || asked.code === 'und' || given.code === 'und' || asked.code === given.code) return false
  if (asked.confidence < sure || given.confidence < sure) return false
  return !/translat|übersetz|traduc|traduz|перевод|翻译|翻訳|번역|in english|\b(?:english|spanish|french|german|chinese|japanese|korean|russian|portuguese|italian|arabic|hindi|language)\b/i.test(
    messages
      .filter(({ role }) => role !== 'assistant')
      .map(({ content }) => content)
      .join('\n'),
  )
}

function toRow(label: QualityLabel): Row {
  return {
    prompt_length: label.promptLength,
    answer_length: label.answerLength,
    answers: label.answers,
    refusals: label.refusals,
    repetition: label.repetition,
    truncated: label.truncated,
    errors: label.errors,
    empty: label.empty,
    code_share: label.codeShare,
    language_mismatch: label.languageMismatch,
    difficulty: label.difficulty,
    criteria: label.criteria,
    judged_difficulty: label.judgedDifficulty,
    judged_criteria: label.judgedCriteria,
  }
}
