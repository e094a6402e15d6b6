import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Column } from '../../storage/parquet.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { combineVotes, type LanguageFact, settleMessages } from './combine.ts'
import { createDetector } from './detect.ts'
import { readModel } from './model.ts'

/** The language of a conversation and of each of its messages, in order. */
export interface LanguageLabel extends LanguageFact {
  messages: LanguageFact[]
}

const asset = new URL('../../../assets/language.bin', import.meta.url)
const version = '1'
const factColumns: readonly Column[] = [
  { name: 'name', type: 'string' },
  { name: 'code', type: 'string' },
  { name: 'confidence', type: 'double' },
]

/**
 * The labeller of languages: 75 told apart by their words, 12 more by their script; `unknown` (`und`) where there are no words. No settings;
 * loads its weights (about .2 s, 40 MB).
 */
export async function createLanguageLabeller(_settings: Record<string, unknown> = {}): Promise<Labeller<LanguageLabel>> {
  const detector = createDetector(readModel(asset))
  return {
    name: 'language',
    version,
    fingerprint: fingerprintOf('language', version, createHash('sha256').update(readFileSync(asset)).digest('hex')),
    columns: [...factColumns, { name: 'messages', type: { list: { struct: factColumns } } }],
    label({ messages }) {
      const votes = messages.map(({ role, content }) => ({ role, detection: detector.detect(content) }))
      const whole = combineVotes(votes)
      return { ...whole, messages: settleMessages(votes, whole) }
    },
    toRow: ({ name, code, confidence, messages }) => ({ name, code, confidence, messages }),
  }
}
