import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluateRedaction } from '../../../src/curate/redaction/evaluate.ts'
import { createRedactionLabeller } from '../../../src/curate/redaction/redaction.ts'
import { openTruth } from '../../../src/curate/redaction/truth.ts'

const folder = join(import.meta.dirname, 'encyclopedia')

test('names in encyclopedic sentences of nine languages, written for no template, are found as often as docs/redaction.md says', async () => {
  const labeller = await createRedactionLabeller()
  const files = readdirSync(folder)
  expect(files).toHaveLength(9)
  let [precision, recall] = [0, 0]
  for (const file of files) {
    const { kinds } = await evaluateRedaction(openTruth(join(folder, file)), labeller)
    precision += (kinds.PERSON?.overlapScore.precision ?? 0) / files.length
    recall += (kinds.PERSON?.overlapScore.recall ?? 0) / files.length
  }
  expect(precision).toBeGreaterThan(0.84)
  expect(recall).toBeGreaterThan(0.9)
})
