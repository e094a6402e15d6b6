import { doubleArrays } from '../../double.ts'
import type { Style } from './style.ts'

/** A vote as a rating sees it. `winner` in the words of FastChat; everything else may be unknown. */
export interface Vote {
  modelA: string
  modelB: string
  winner: 'model_a' | 'model_b' | 'tie' | 'tie (bothbad)'
  /** Who voted, as a keyed hash: needed for caps and the check of voters. */
  judge?: string
  /** ISO 8601 UTC. */
  votedAt?: string
  /** Whether the names were hidden until the vote; true unless told. */
  anonymous?: boolean
  /** English name of the prompt's language. */
  language?: string
  isHard?: boolean
  isCoding?: boolean
  /** Style of A's and of B's answers. */
  style?: readonly [Style, Style]
}

/** Votes as columns, in the order in which they were added. Views that are good until the next vote is added. */
export interface VoteColumns {
  /** Names by number, in the order of their first vote. */
  models: readonly string[]
  judges: readonly string[]
  languages: readonly string[]
  a: Uint16Array
  b: Uint16Array
  /** A's result: 2 won, 1 tie, 0 lost. */
  outcome: Uint8Array
  /** Number of the judge, -1 where unknown. */
  judge: Int32Array
  /** Days since 1970 (UTC), -1 where unknown. */
  day: Int32Array
  /** Number of the language, 65,535 where unknown. */
  language: Uint16Array
  /** Sum of the `facts` below that hold. */
  facts: Uint8Array
  /** Eight a vote: length, headers, lists, bold of A, then of B. */
  style: Float64Array
}

/** What `VoteColumns.facts` sums up. */
export const facts = { anonymous: 1, hard: 2, coding: 4, styled: 8 } as const
/** `VoteColumns.language` of a vote whose language is not known. */
export const unknownLanguage = 0xffff

/** Votes that only grow: 60 bytes each, so that a board is computed from memory and no line is read twice. */
export interface VoteStore {
  size(): number
  /** Adds votes in the order of time. A vote of a model against itself says nothing and is left out. At most 65,535 models. */
  add(votes: Iterable<Vote>): void
  columns(): VoteColumns
}

/** Opens an empty store. */
export function openVotes(): VoteStore {
  const models = numbering()
  const judges = numbering()
  const languages = numbering()
  let size = 0
  const columns = allocate(1024)
  const put = ({ modelA, modelB, winner, judge, votedAt, anonymous, language, isHard, isCoding, style }: Vote) => {
    if (modelA === modelB) return
    if (size === columns.a.length) doubleArrays(columns)
    columns.a[size] = models.number(modelA)
    columns.b[size] = models.number(modelB)
    columns.outcome[size] = winner === 'model_a' ? 2 : winner === 'model_b' ? 0 : 1
    columns.judge[size] = judge === undefined ? -1 : judges.number(judge)
    columns.day[size] = votedAt === undefined ? -1 : Math.floor(Date.parse(votedAt) / 86_400_000)
    columns.language[size] = language === undefined ? unknownLanguage : languages.number(language)
    columns.facts[size] =
      (anonymous === false ? 0 : facts.anonymous) + (isHard ? facts.hard : 0) + (isCoding ? facts.coding : 0) + (style ? facts.styled : 0)
    for (const [side, one] of (style ?? []).entries()) {
      columns.style.set([one.length, one.headers, one.lists, one.bold], size * 8 + side * 4)
    }
    size += 1
  }
  return {
    size: () => size,
    add(votes) {
      for (const vote of votes) put(vote)
    },
    columns: () => ({ models: models.names, judges: judges.names, languages: languages.names, ...cut(columns, size) }),
  }
}

type Numbers = Omit<VoteColumns, 'models' | 'judges' | 'languages'>

function allocate(rows: number): Numbers {
  return {
    a: new Uint16Array(rows),
    b: new Uint16Array(rows),
    outcome: new Uint8Array(rows),
    judge: new Int32Array(rows),
    day: new Int32Array(rows),
    language: new Uint16Array(rows),
    facts: new Uint8Array(rows),
    style: new Float64Array(rows * 8),
  }
}

function cut(columns: Numbers, rows: number): Numbers {
  return {
    a: columns.a.subarray(0, rows),
    b: columns.b.subarray(0, rows),
    outcome: columns.outcome.subarray(0, rows),
    judge: columns.judge.subarray(0, rows),
    day: columns.day.subarray(0, rows),
    language: columns.language.subarray(0, rows),
    facts: columns.facts.subarray(0, rows),
    style: columns.style.subarray(0, rows * 8),
  }
}

function numbering(): { names: string[]; number(name: string): number } {
  const names: string[] = []
  const numbers = new Map<string, number>()
  return {
    names,
    number(name) {
      const known = numbers.get(name)
      if (known !== undefined) return known
      numbers.set(name, names.length)
      return names.push(name) - 1
    },
  }
}
