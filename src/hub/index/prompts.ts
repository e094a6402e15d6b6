import { HubError } from '../errors.ts'
import { PROMPT } from './fields.ts'
import type { SplitIndex } from './split-index.ts'

/** The label of near duplicates that tells conversations with nearly the same first prompt. */
const nearPrompt = /(^|\.)near_first_prompt\.key$/

/** Rows whose first prompt is a row's but for case and spaces, or that stand in its group of near duplicates; in the order of rows. */
export function promptRows(index: SplitIndex, row: number): Uint32Array {
  if (row >= index.meta.rows) throw new HubError(422, 'InvalidParameter', `Parameter 'row' must be less than ${index.meta.rows}`)
  const keys = [PROMPT, ...index.names.filter((name) => nearPrompt.test(name))]
  const known = new Set(index.meta.columns.map(({ name }) => name))
  const wanted = keys
    .filter((name) => known.has(name))
    .map((name) => ({ codes: index.column(name).codes, code: index.column(name).codes[row] ?? 0 }))
    .filter(({ code }) => code !== 0)
  const found: number[] = []
  for (let other = 0; other < index.meta.rows; other += 1)
    if (other === row || wanted.some(({ codes, code }) => codes[other] === code)) found.push(other)
  return Uint32Array.from(found)
}
