import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluateRedaction } from '../../../src/curate/redaction/evaluate.ts'
import { createRedactionLabeller } from '../../../src/curate/redaction/redaction.ts'
import { openTruth } from '../../../src/curate/redaction/truth.ts'

/** The first set was read while templates were written; the second was written after, and scored once. */
const sets = ['encyclopedia', 'encyclopedia-unseen']

test.each(sets)('names in sentences of nine languages (%s) are found as often as docs/redaction.md says', async (set) => {
  const folder = join(import.meta.dirname, set)
  const labeller = await createRedactionLabeller()
  const files = readdirSync(folder)
  expect(files).toHaveLength(9)
  let [precision, recall] = [0, 0]
  for (const file of files) {
    const { kinds } = await evaluateRedaction(openTruth(join(folder, file)), labeller)
    precision += (kinds.PERSON?.overlapScore.precision ?? 0) / files.length
    recall += (kinds.PERSON?.overlapScore.recall ?? 0) / files.length
  }
  expect(precision).toBeGreaterThan(0.85)
  expect(recall).toBeGreaterThan(0.9)
})
