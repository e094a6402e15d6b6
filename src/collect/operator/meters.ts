import type { StoredAnswer } from '../chat/turn.ts'

/** Counts of what happens, minute by minute for a day, and since the start. Names of models and codes; nothing of any person. */
export interface Meters {
  /** A turn was finished: its answers with their models. */
  turn(answers: readonly (Pick<StoredAnswer, 'finish' | 'error' | 'firstTokenMs' | 'tokensPerSecond'> & { model: string })[]): void
  open(model: string): void
  close(model: string): void
  refusal(code: string): void
  vote(winner: string, counts: boolean): void
  /** A prompt was blocked or warned of, or an answer is to be covered. */
  moderation(action: 'blocked' | 'warned' | 'covered'): void
  consent(keep: boolean): void
  withdrawal(): void
  bot(signal: string): void
  /** Sums over the last `minutes`, at most a day; `perMinute` oldest first. */
  since(minutes: number): Sums
  /** Sums since the start. */
  total(): Sums
  streams(): number
}

/** What a stretch of time came to. `models` by name. */
export interface Sums {
  turns: number
  perMinute: number[]
  models: Map<string, ModelSums>
  counts: Map<string, number>
}

/** One model's answers. Milliseconds to the first text; speeds in tokens a second. */
export interface ModelSums {
  turns: number
  errors: number
  firstTokenMs: number[]
  speeds: number[]
}

interface Minute {
  number: number
  turns: number
  models: Map<string, ModelSums>
  counts: Map<string, number>
}

const minutesKept = 1440
/** Samples of one model in one minute: enough for percentiles, bounded on a busy site. */
const samplesKept = 200

/** New meters, all at zero. */
export function createMeters(now: () => Date): Meters {
  const minutes: Minute[] = []
  const whole = emptyMinute(0)
  let streams = 0

  const current = () => {
    const number = Math.floor(now().getTime() / 60_000)
    const last = minutes.at(-1)
    // A clock that jumps back goes on counting in the minute it was in.
    if (last && last.number >= number) return last
    const minute = emptyMinute(number)
    minutes.push(minute)
    if (minutes.length > minutesKept) minutes.shift()
    return minute
  }
  const count = (name: string) => {
    for (const { counts } of [current(), whole]) counts.set(name, (counts.get(name) ?? 0) + 1)
  }

  return {
    turn(answers) {
      for (const minute of [current(), whole]) {
        minute.turns++
        for (const { model, finish, firstTokenMs, tokensPerSecond } of answers) {
          const sums = minute.models.get(model) ?? { turns: 0, errors: 0, firstTokenMs: [], speeds: [] }
          minute.models.set(model, sums)
          sums.turns++
          if (finish === 'error') sums.errors++
          keep(sums.firstTokenMs, firstTokenMs)
          keep(sums.speeds, tokensPerSecond)
        }
      }
      for (const { error } of answers) if (error !== null) count(`error:${error}`)
    },
    open() {
      streams++
    },
    close() {
      streams--
    },
    refusal: (code) => count(`refusal:${code}`),
    vote(winner, counts) {
      count(`vote:${winner}`)
      if (counts) count('counted')
    },
    moderation: (action) => count(`moderation:${action}`),
    consent: (keep) => count(keep ? 'consent:kept' : 'consent:unkept'),
    withdrawal: () => count('withdrawal'),
    bot: (signal) => count(`bot:${signal}`),
    since(length) {
      // Where the clock has jumped back, the latest minute is still the one that is counted in.
      const last = Math.max(Math.floor(now().getTime() / 60_000), minutes.at(-1)?.number ?? 0)
      const recent = minutes.filter(({ number }) => number > last - length)
      const perMinute = Array.from({ length }, (_, index) => recent.find(({ number }) => number === last - length + 1 + index)?.turns ?? 0)
      return { ...recent.reduce(add, emptyMinute(0)), perMinute }
    },
    total: () => ({ ...whole, perMinute: [] }),
    streams: () => streams,
  }
}

const emptyMinute = (number: number): Minute => ({ number, turns: 0, models: new Map(), counts: new Map() })

/** Keeps the first samples, then replaces one at a fixed stride, so that memory stays bounded and late ones count, too. */
function keep(samples: number[], value: number | null): void {
  if (value === null) return
  if (samples.length < samplesKept) samples.push(value)
  else samples[Math.floor(value * 7919) % samplesKept] = value
}

function add(sum: Minute, { turns, models, counts }: Minute): Minute {
  sum.turns += turns
  for (const [name, one] of models) {
    const held = sum.models.get(name) ?? { turns: 0, errors: 0, firstTokenMs: [], speeds: [] }
    sum.models.set(name, {
      turns: held.turns + one.turns,
      errors: held.errors + one.errors,
      firstTokenMs: [...held.firstTokenMs, ...one.firstTokenMs],
      speeds: [...held.speeds, ...one.speeds],
    })
  }
  for (const [name, value] of counts) sum.counts.set(name, (sum.counts.get(name) ?? 0) + value)
  return sum
}
