import { randomInt } from 'node:crypto'
import { SiteError } from '../errors.ts'
import type { Model } from '../models/models.ts'
import type { Site } from '../site.ts'
import { type PairCount, pairKey } from './pairs.ts'

/** A random number in [0, 1) that nobody can foresee, so that no one can tell a battle's models from its number. */
const unforeseeable = () => randomInt(2 ** 32) / 2 ** 32

/**
 * Two models for a battle, in random order, by their weights and by need: pairs whose order the votes leave most open come more often.
 * @throws SiteError 503 `models-unavailable` where fewer than two can answer.
 */
export async function samplePair(site: Site, random: () => number = unforeseeable): Promise<[string, string]> {
  const able = site.models.all.filter((model) => model.config.weight > 0 && model.status() === 'up')
  if (able.length < 2) {
    throw new SiteError(503, 'models-unavailable', 'Fewer than two models can answer at the moment. Try again in a minute.', {
      retryAfter: 30,
    })
  }
  const [first, second] = drawPair(able, await site.countPairs(), random)
  return random() < 0.5 ? [first, second] : [second, first]
}

function drawPair(models: readonly Model[], counts: ReadonlyMap<string, PairCount>, random: () => number): [string, string] {
  const pairs: { names: [string, string]; weight: number }[] = []
  for (const [index, a] of models.entries()) {
    for (const b of models.slice(index + 1)) {
      const need = needOf(counts.get(pairKey(a.config.name, b.config.name)))
      pairs.push({ names: [a.config.name, b.config.name], weight: a.config.weight * b.config.weight * need })
    }
  }
  let rest = random() * pairs.reduce((sum, { weight }) => sum + weight, 0)
  const drawn = pairs.find(({ weight }) => {
    rest -= weight
    return rest < 0
  })
  return drawn?.names ?? pairs[0]?.names ?? ['', '']
}

/**
 * How much one more vote on a pair would tell: the chance, by a Beta(1, 1) prior, that the order is the other way round than the votes so far say (1/2
 * without votes), with a floor so that no pair is ever left alone. Normal approximation; ties count half.
 * @see Chiang et al. 2024, "Chatbot Arena", section 5 (active sampling)
 */
export function needOf(count: PairCount | undefined): number {
  const votes = count?.votes ?? 0
  const mean = ((count?.wins ?? 0) + 1) / (votes + 2)
  const deviation = Math.sqrt((mean * (1 - mean)) / (votes + 3))
  return 0.05 + tail(Math.abs(mean - 0.5) / deviation)
}

/** The normal distribution's upper tail, to within 1e-7. @see Abramowitz & Stegun 26.2.17 */
function tail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly
}
