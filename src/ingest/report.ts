import type { FormName, Reason } from './entry.ts'

/** What became of a file's lines: `lines = accepted + superseded + refused`, always. */
export interface Account {
  lines: number
  accepted: number
  superseded: number
  refused: Partial<Record<Reason, number>>
}

/** One input file and its account. */
export interface InputReport extends Account {
  file: string
  /** `unknown` where no form matched: its lines are refused `form-unknown`. */
  form: FormName | 'unknown'
  sizeBytes: number
  sha256: string
}

/** ingest.json: what was read, what became of every line, and what lies in the work folder. */
export interface IngestReport extends Account {
  schema: 1
  inputs: InputReport[]
  conversations: number
  battles: number
  users: number
  shards: { shard: string; rows: number; sha256: string }[]
}

/** Adds up counts by reason, reasons in alphabetical order. */
export function addRefused(parts: readonly Partial<Record<Reason, number>>[]): Partial<Record<Reason, number>> {
  const sums = new Map<string, number>()
  for (const part of parts) for (const [reason, count] of Object.entries(part)) sums.set(reason, (sums.get(reason) ?? 0) + count)
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** All refused lines. */
export function countRefused(refused: Partial<Record<Reason, number>>): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0)
}

/** A file's account from its units' counts and what the shards decided of its lines. */
export function settleAccount(
  units: readonly { lines: number; superseded: number; refused: Partial<Record<Reason, number>> }[],
  shards: { superseded: number; orphans: number; withdrawn: number },
): Account {
  const lines = units.reduce((sum, unit) => sum + unit.lines, 0)
  const superseded = units.reduce((sum, unit) => sum + unit.superseded, shards.superseded)
  const refused = addRefused([
    ...units.map((unit) => unit.refused),
    ...(shards.orphans > 0 ? [{ 'vote-without-conversation': shards.orphans }] : []),
    ...(shards.withdrawn > 0 ? [{ withdrawn: shards.withdrawn }] : []),
  ])
  return { lines, accepted: lines - superseded - countRefused(refused), superseded, refused }
}
