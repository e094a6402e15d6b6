import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Conversation } from '../../conversation.ts'
import type { Column, Row } from '../../storage/parquet.ts'
import { fingerprintOf, type Labeller } from '../labeller.ts'
import { type BenchmarkFile, readBenchmark } from './benchmark.ts'
import { commonnessUrl } from './commonness.ts'
import { createDetector, type Detector } from './detect.ts'
import { openEmbedder } from './embedder.ts'
import type { Endpoint, Network } from './endpoint.ts'
import { openJudge } from './judge.ts'
import { readScorer, scorerUrl } from './scorer.ts'

/** A benchmark item found in a conversation. `start`, `end`: UTF-16 units of the message's part that was compared; `score` 0–1. */
export interface Hit {
  benchmark: string
  item: string
  kind: 'verbatim' | 'rephrased' | 'translated'
  message: number
  start: number
  end: number
  score: number
  /** What found it: runs of words, the offline pair scorer, embeddings; `+judge` where a judge agreed. */
  method: string
}

/** The label `contamination`: every item found, at most one hit an item and message. */
export interface ContaminationLabel {
  hits: Hit[]
}

/** Which benchmarks to look for, and by what. Without endpoints nothing leaves the machine. */
export interface ContaminationSettings {
  benchmarks: readonly BenchmarkFile[]
  /** An embeddings endpoint in place of the offline scorer, and the least cosine of a copy (default .75; depends on the model). */
  embeddings?: Endpoint & { threshold?: number }
  /** A chat endpoint that has the final word on what is no verbatim copy, and a prompt of one's own. */
  judge?: Endpoint & { prompt?: string }
  /** Folder for answers of endpoints. */
  cache: string
  world?: Network
}

const version = '1'

const hitColumns: readonly Column[] = [
  { name: 'benchmark', type: 'string' },
  { name: 'item', type: 'string' },
  { name: 'kind', type: 'string' },
  { name: 'message', type: 'int32' },
  { name: 'start', type: 'int32' },
  { name: 'end', type: 'int32' },
  { name: 'score', type: 'double' },
  { name: 'method', type: 'string' },
]

/** The labeller `contamination`. @throws InputError as readBenchmark does; RetryableError `endpoint-failed` */
export async function createContaminationLabeller(settings: ContaminationSettings): Promise<Labeller<ContaminationLabel>> {
  const { benchmarks, embeddings, judge, cache, world } = settings
  const items = (await Promise.all(benchmarks.map(readBenchmark))).flat()
  const outside = world ? { world } : {}
  const detector: Detector = createDetector(items, {
    ...(embeddings ? { embedder: await openEmbedder(embeddings, items, cache, world), threshold: embeddings.threshold ?? 0.75 } : {}),
    ...(judge
      ? { judge: openJudge({ endpoint: judge, folder: cache, ...(judge.prompt ? { prompt: judge.prompt } : {}), ...outside }) }
      : {}),
  })
  const about = {
    benchmarks: Object.fromEntries(countItems(items)),
    embeddings: embeddings ? embeddings.model : null,
    judge: judge ? judge.model : null,
  }
  const weights = createHash('sha256').update(readFileSync(scorerUrl)).update(readFileSync(commonnessUrl)).digest('hex').slice(0, 16)
  const remote = embeddings || judge
  return {
    name: 'contamination',
    version,
    fingerprint: fingerprintOf(
      version,
      items,
      weights,
      embeddings?.url,
      embeddings?.model,
      embeddings?.threshold,
      judge?.url,
      judge?.model,
      judge?.prompt,
    ),
    columns: [
      { name: 'contaminated', type: 'boolean' },
      { name: 'hits', type: { list: { struct: hitColumns } } },
    ],
    about: { settings: about, ...(embeddings ? {} : { quality: readScorer().quality }) },
    label: (conversation) => label(conversation, detector),
    toRow: ({ hits }): Row => ({ contaminated: hits.length > 0, hits }),
    ...(remote ? { concurrency: 8 } : {}),
  }
}

async function label({ messages }: Conversation, detector: Detector): Promise<ContaminationLabel> {
  const hits: Hit[] = []
  for (const [message, { content }] of messages.entries()) {
    for (const { item, ...found } of await detector(content)) hits.push({ benchmark: item.benchmark, item: item.item, message, ...found })
  }
  return { hits }
}

function countItems(items: readonly { benchmark: string }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { benchmark } of items) counts.set(benchmark, (counts.get(benchmark) ?? 0) + 1)
  return counts
}
