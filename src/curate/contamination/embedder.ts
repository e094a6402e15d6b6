import { z } from 'zod'
import { keyOf, openAnswers } from './answers.ts'
import type { BenchmarkItem } from './benchmark.ts'
import { type Endpoint, fetchEmbeddings, type Network } from './endpoint.ts'

/** The items nearest to a text, with their cosine (-1–1), best first. */
export interface Neighbours {
  find(texts: readonly string[], count: number): Promise<{ item: number; score: number }[][]>
}

const vectorSchema = z.array(z.number())
const batch = 64
/** Longer texts are cut before they are sent: embedding models take a few hundred to a few thousand tokens. */
const longest = 6000

/** Finds near items by an endpoint's embeddings, kept in `folder` by hash of model and text. */
export async function openEmbedder(
  endpoint: Endpoint,
  items: readonly BenchmarkItem[],
  folder: string,
  world?: Network,
): Promise<Neighbours> {
  const kept = openAnswers(folder, 'embeddings', (value) => vectorSchema.safeParse(value).data)
  const embed = async (texts: readonly string[]): Promise<Float32Array[]> => {
    const sent = texts.map((text) => text.slice(0, longest))
    const keys = sent.map((text) => keyOf(endpoint.url, endpoint.model, text))
    const missing = [...new Set(keys)].flatMap((key) => (kept.get(key) ? [] : [{ key, text: sent[keys.indexOf(key)] ?? '' }]))
    for (let at = 0; at < missing.length; at += batch) {
      const part = missing.slice(at, at + batch)
      const vectors = await fetchEmbeddings(
        endpoint,
        part.map(({ text }) => text),
        world,
      )
      for (const [index, { key }] of part.entries())
        kept.keep(
          key,
          (vectors[index] ?? []).map((value) => Number(value.toPrecision(5))),
        )
    }
    return keys.map((key) => normalise(kept.get(key) ?? []))
  }
  const vectors = await embed(items.map(({ text }) => text))
  return {
    async find(texts, count) {
      return (await embed(texts)).map((query) =>
        vectors
          .map((vector, item) => ({ item, score: dot(query, vector) }))
          .sort((one, two) => two.score - one.score || one.item - two.item)
          .slice(0, count),
      )
    },
  }
}

function normalise(vector: readonly number[]): Float32Array {
  const norm = Math.hypot(...vector) || 1
  return Float32Array.from(vector, (value) => value / norm)
}

function dot(one: Float32Array, two: Float32Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (two[index] ?? 0)
  return sum
}
