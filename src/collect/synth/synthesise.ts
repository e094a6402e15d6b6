import { createComposer } from './compose.ts'
import type { SynthData } from './data.ts'
import { damage } from './faulty.ts'
import { type LogLine, writeLines } from './lines.ts'
import { createPlan, streamOf, type Visit } from './plan.ts'
import type { Random } from './random.ts'
import { createTimeline } from './timeline.ts'
import { createTally, describeSide, type Truth } from './truth.ts'
import { composeVisit } from './visit.ts'

/** Something to write: a line of a log file (bytes with the line end), or a line of the answer key. */
export type Output = { to: 'log'; file: string; bytes: Buffer } | { to: 'truth'; truth: Truth }

const DAMAGED_SHARE = 0.0015
/** Share of people whose consent the log has; the others came before it was recorded. */
const CONSENT_SHARE = 0.88
/** Hash of the terms that the consents name. */
const TERMS = 'sha256:5f0c1f3a9d2b47e8a6c4b1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0'

/**
 * FastChat-form logs in LMSYS-Chat-1M's proportions, with their answer key: lines of each file in order of time, one conversation of the key when its
 * visit starts, a summary at the end. The same number and seed give the same bytes; memory holds the conversations under way, not those that are done.
 */
export function* synthesise(data: SynthData, { conversations, seed }: { conversations: number; seed: number }): Generator<Output> {
  const composer = createComposer(data)
  const plan = createPlan({ conversations, seed, templates: composer.templates, greetings: composer.greetings })
  const tally = createTally(seed, plan.users)
  const pending = createQueue()
  const files: { file: string; line: number }[] = Array.from({ length: plan.servers }, () => ({ file: '', line: 0 }))

  function* writeUntil(end: number): Generator<Output> {
    for (let line = pending.takeBefore(end); line; line = pending.takeBefore(end)) {
      const file = `server${line.server}/${dayOf(line.at)}-conv.json`
      let place = files[line.server]
      if (place?.file !== file) {
        place = { file, line: 0 }
        files[line.server] = place
        tally.addFile()
      }
      place.line++
      const { damaged } = line
      if (damaged) {
        const truth: Truth = { type: 'damaged-line', file, line: place.line, kind: damaged.kind }
        tally.add(truth)
        tally.addLine('damaged')
        yield { to: 'truth', truth }
        yield { to: 'log', file, bytes: Buffer.concat([damaged.bytes, lineEnd]) }
      } else {
        tally.addLine(line.type)
        yield { to: 'log', file, bytes: Buffer.from(`${JSON.stringify(line.record)}\n`) }
      }
    }
  }

  let made = 0
  let index = 0
  for (const start of createTimeline(plan, seed)) {
    yield* writeUntil(start)
    const planned = plan.visit(index)
    const visit = made + (planned.battle ? 2 : 1) > conversations ? withoutBattle(planned) : planned
    const scene = composeVisit(composer, visit, { seed, day: dayOf(start) })
    const random = streamOf(seed, 'lines', index)
    const consent = consentOf(visit, start, seed)
    const lines = writeLines(scene, { visit, start, servers: plan.servers, random, ...(consent ? { consent } : {}) })
    const vote = lines.find(({ type }) => type !== 'chat' && type !== 'share')?.type
    for (const side of scene.sides) {
      const own = lines.filter(({ type, id }) => type === 'chat' && id === side.id).length
      const truth = describeSide(side, { scene, visit, lines: own, consent: consent !== undefined, vote })
      tally.add(truth)
      yield { to: 'truth', truth }
    }
    for (const line of lines) {
      pending.add(line)
      if (random.chance(DAMAGED_SHARE)) pending.add({ ...line, damaged: damage(line, random) })
    }
    made += scene.sides.length
    index++
  }
  yield* writeUntil(Number.POSITIVE_INFINITY)
  yield { to: 'truth', truth: tally.end() }
}

const lineEnd = Buffer.from('\n')

function withoutBattle({ battle: _, ...visit }: Visit): Visit {
  return visit
}

function consentOf({ user }: Visit, start: number, seed: number): { terms: string; acceptedAt: string } | undefined {
  const random: Random = streamOf(seed, 'consent', user)
  if (!random.chance(CONSENT_SHARE)) return undefined
  return { terms: TERMS, acceptedAt: new Date(Math.floor(start - 5 - 40 * random.next()) * 1000).toISOString() }
}

/** The day (UTC) of a time in seconds, `YYYY-MM-DD`. */
function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

interface Waiting extends LogLine {
  damaged?: { kind: string; bytes: Buffer }
}

/** Lines that wait for their time: a binary heap; of equal times, the one that came first goes first. */
function createQueue(): { add(line: Waiting): void; takeBefore(end: number): Waiting | undefined } {
  const heap: { line: Waiting; order: number }[] = []
  let order = 0
  const isBefore = (left: number, right: number): boolean => {
    const [a, b] = [heap[left], heap[right]]
    return a !== undefined && (b === undefined || a.line.at < b.line.at || (a.line.at === b.line.at && a.order < b.order))
  }
  const swap = (left: number, right: number) => {
    const [a, b] = [heap[left], heap[right]]
    if (a && b) {
      heap[left] = b
      heap[right] = a
    }
  }
  return {
    add(line) {
      heap.push({ line, order: order++ })
      for (let at = heap.length - 1, parent = (at - 1) >> 1; at > 0 && isBefore(at, parent); at = parent, parent = (at - 1) >> 1)
        swap(at, parent)
    },
    takeBefore(end) {
      const top = heap[0]
      if (!top || top.line.at >= end) return undefined
      const last = heap.pop()
      if (last && heap.length > 0) {
        heap[0] = last
        for (let at = 0; ; ) {
          const child = isBefore(2 * at + 2, 2 * at + 1) && 2 * at + 2 < heap.length ? 2 * at + 2 : 2 * at + 1
          if (child >= heap.length || !isBefore(child, at)) break
          swap(at, child)
          at = child
        }
      }
      return top.line
    },
  }
}
