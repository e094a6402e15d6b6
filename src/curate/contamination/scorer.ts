import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { featureNames } from './features.ts'

/** Where the package keeps the pair scorer's weights. */
export const scorerUrl = new URL('../../../assets/contamination-scorer.json', import.meta.url)

const modelSchema = z.object({
  features: z.array(z.string()),
  bias: z.number(),
  trees: z.array(z.array(z.number())),
  threshold: z.number(),
  quality: z.string(),
})

/**
 * The pair scorer: boosted trees of depth three over the figures of a pair. A tree is 7 pairs of figure and threshold, parents before children (node n has
 * 2n + 1 and 2n + 2; greater goes to the second), then 8 leaves.
 */
export type ScorerModel = z.infer<typeof modelSchema>

/** Reads the package's pair scorer. @throws AppError `contamination-scorer` when it is of another version. */
export function readScorer(): ScorerModel {
  const model = modelSchema.safeParse(JSON.parse(readFileSync(scorerUrl, 'utf8')))
  if (model.success && model.data.features.join() === featureNames.join()) return model.data
  throw new AppError('contamination-scorer', 'The package’s contamination scorer does not fit its code. Install the package again.')
}

/** Probability (0–1) that the text of a pair is the item in other words. */
export function scorePair({ bias, trees }: Pick<ScorerModel, 'bias' | 'trees'>, features: readonly number[]): number {
  let sum = bias
  for (const tree of trees) sum += tree[14 + leafOf(tree, features)] ?? 0
  return 1 / (1 + Math.exp(-sum))
}

/** The leaf (0–7) of a tree that a pair falls into. */
export function leafOf(tree: readonly number[], features: readonly number[]): number {
  let node = 0
  while (node < 7) node = 2 * node + ((features[tree[2 * node] ?? 0] ?? 0) > (tree[2 * node + 1] ?? 0) ? 2 : 1)
  return node - 7
}
