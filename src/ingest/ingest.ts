import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Pool } from '../engine/pool.ts'
import { RetryableError } from '../errors.ts'
import type { Log } from '../log.ts'
import { toJson, writeWhole } from '../storage/files.ts'
import { writeBattles } from './battles.ts'
import type { FormName } from './entry.ts'
import { findInputs } from './inputs.ts'
import { bundle, identity, nameOf, planShards, planUnits, type ScannedFile } from './plan.ts'
import { addRefused, type IngestReport, type InputReport, settleAccount } from './report.ts'
import { loadSalt, saltId } from './salt.ts'
import { type Scan, scanTask } from './scan.ts'
import { type ShardInput, type ShardReport, shardTask } from './shard.ts'
import { openState, type State } from './state.ts'
import { readStdin, type Stdin, sniffStdin } from './stdin.ts'
import { type PartCount, type Supersede, type UnitInput, type UnitPart, type UnitReport, unitTask } from './unit.ts'
import { countUsers } from './users.ts'
import { joinWithdrawn } from './withdrawn.ts'

/** How far an ingest is: finished steps of a pass. */
export interface IngestProgress {
  pass: 'scan' | 'read' | 'write'
  done: number
  of: number
}

/** What `ingest` needs to know; `stdin` only where `-` is among the inputs. */
export interface IngestOptions {
  /** Files, folders, patterns, `-` for standard input. */
  inputs: readonly string[]
  work: string
  /** The form of all inputs; told from each file's content when absent. */
  format?: FormName
  /** Which line of a conversation wins; 'latest' when absent. */
  supersede?: Supersede
  /** File of the secret for user ids; `<work>/salt` when absent. */
  saltFile?: string
  pool: Pool
  log: Log
  onProgress?: (progress: IngestProgress) => void
  signal?: AbortSignal
  stdin?: AsyncIterable<Uint8Array>
}

/**
 * Reads raw logs into a work folder, as docs/data-format.md describes it: conversations, battles, quarantine, ingest.json. Two passes: units of the
 * files are read by worker threads and dealt by conversation id, then each shard settles which line of a conversation counts. The result depends on
 * the inputs alone, not on their order or the number of workers; a rerun after a kill goes on where it stopped.
 * @throws NotFoundError `input-missing`, `input-empty`; InputError `salt-unreadable`, `salt-too-short`; RetryableError `interrupted`;
 * ShardError when a worker fails.
 */
export async function ingest(options: IngestOptions): Promise<IngestReport> {
  const { work, log } = options
  const found = findInputs(options.inputs, work)
  mkdirSync(work, { recursive: true })
  const secret = loadSalt(options.saltFile ?? join(work, 'salt'))
  const files = await scanAll(options, found.files)
  const stdin = found.hasStdin && options.stdin ? await sniffStdin(options.stdin, options.format) : undefined
  const input = identity(files, { format: options.format, supersede: supersedeOf(options), salt: saltId(secret) })
  // Standard input cannot be read twice, so that work on it never goes on.
  const { state, hadOther } = openState(work, stdin ? { input, stdin: process.hrtime.bigint().toString() } : input)
  if (hadOther) log.warn('ingest.startedAnew', { work, why: 'the folder held work on other inputs, another secret or an older version' })
  const finished = readFinished(work)
  if (finished) return finished

  const units = planUnits(files)
  const reports = await readAll(options, { state, units, secret })
  const labels = files.map(({ label }) => label)
  if (stdin) reports.push(await readStdinUnit(options, { state, stdin, secret, index: units.length, file: files.length }))
  if (stdin) labels.push(stdin.label)
  const shards = await writeAll(options, { state, reports, labels })
  const report = await settle(options, { state, files, reports, shards, stdin })
  writeWhole(join(work, 'ingest.json'), toJson(report))
  state.clear()
  log.info('ingest.finished', { lines: report.lines, conversations: report.conversations, battles: report.battles, users: report.users })
  return report
}

/** The report of a work folder that is finished and whole; one that lost a shard is made again. */
function readFinished(work: string): IngestReport | undefined {
  const path = join(work, 'ingest.json')
  if (!existsSync(path)) return undefined
  const report: IngestReport = JSON.parse(readFileSync(path, 'utf8'))
  if (report.shards.every(({ shard }) => existsSync(join(work, 'conversations', `${shard}.parquet`)))) return report
  rmSync(path)
  return undefined
}

async function scanAll(options: IngestOptions, files: readonly { path: string; label: string }[]): Promise<ScannedFile[]> {
  const { format } = options
  const bundles = bundle(files, ({ path }) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
  const scans = await inOrder(options, 'scan', bundles, (some) =>
    options.pool.run<object, Scan[]>(scanTask, nameFiles(some), { paths: some.map(({ path }) => path), ...(format ? { format } : {}) }),
  )
  return scans.flat().flatMap((scan, index): ScannedFile[] => {
    const file = files[index]
    if (!file) return []
    if (scan.form === null && scan.sizeBytes > 0) {
      options.log.warn('ingest.formUnknown', { file: file.label, wayOut: 'name the form with --format, or leave the file out' })
    }
    return [{ ...file, scan }]
  })
}

/** What a bundle is called in an error. */
function nameFiles(files: readonly { label: string }[]): string {
  const first = files[0]?.label ?? 'no file'
  return files.length < 2 ? first : `${first} to ${files.at(-1)?.label} (${files.length} files)`
}

interface Reading {
  state: State
  units: readonly UnitPart[][]
  secret: string
}

async function readAll(options: IngestOptions, { state, units, secret }: Reading): Promise<UnitReport[]> {
  const indexed = units.map((parts, index) => ({ parts, index }))
  return inOrder(options, 'read', indexed, async ({ parts, index }) => {
    const step = `units/${nameOf(index)}`
    const former = state.done<UnitReport>(step)
    if (former) return former
    const report = await options.pool.run<UnitInput, UnitReport>(unitTask, nameFiles(parts), {
      parts,
      ...unitOutput(options, state, index, secret),
    })
    state.finish(step, report)
    return report
  })
}

function supersedeOf({ supersede = 'latest' }: IngestOptions): Supersede {
  return supersede
}

function unitOutput(options: IngestOptions, state: State, index: number, secret: string): Omit<UnitInput, 'parts'> {
  const name = nameOf(index)
  return {
    secret,
    supersede: supersedeOf(options),
    spill: state.path('units', `${name}.spill`),
    quarantine: join(options.work, 'quarantine', `lines-${name}.jsonl`),
  }
}

async function readStdinUnit(
  options: IngestOptions,
  { state, stdin, secret, index, file }: { state: State; stdin: Stdin; secret: string; index: number; file: number },
): Promise<UnitReport> {
  return readStdin(stdin, file, unitOutput(options, state, index, secret))
}

interface Writing {
  state: State
  reports: readonly UnitReport[]
  labels: string[]
}

async function writeAll(options: IngestOptions, { state, reports, labels }: Writing): Promise<ShardReport[]> {
  const spills = reports.map(({ segments }, index) => ({
    path: state.path('units', `${nameOf(index)}.spill`),
    segments,
  }))
  const bytes = reports.reduce((sum, { segments }) => segments.reduce((total, { sizeBytes }) => total + sizeBytes, sum), 0)
  const withdrawn = joinWithdrawn(reports.map((report) => report.withdrawn))
  const shards = planShards(bytes).map((buckets, index) => ({ buckets, index }))
  return inOrder(options, 'write', shards, async ({ buckets, index }) => {
    const name = nameOf(index)
    const step = `shards/${name}`
    const former = state.done<ShardReport>(step)
    if (former) return former
    const report = await options.pool.run<ShardInput, ShardReport>(shardTask, name, {
      buckets,
      spills,
      labels,
      conversations: join(options.work, 'conversations', `${name}.parquet`),
      imported: join(options.work, 'imported', `${name}.parquet`),
      quarantine: join(options.work, 'quarantine', `votes-${name}.jsonl`),
      battles: state.path('shards', `${name}.battles`),
      users: state.path('shards', `${name}.users`),
      withdrawn,
    })
    state.finish(step, report)
    return report
  })
}

interface Settling {
  state: State
  files: readonly ScannedFile[]
  reports: readonly UnitReport[]
  shards: readonly ShardReport[]
  stdin: Stdin | undefined
}

async function settle(options: IngestOptions, { state, files, reports, shards, stdin }: Settling): Promise<IngestReport> {
  const superseded = sumByFile(shards.flatMap((shard) => shard.superseded))
  const orphans = sumByFile(shards.flatMap((shard) => shard.orphans))
  const withdrawn = sumByFile(shards.flatMap((shard) => shard.withdrawn))
  const byFile = new Map<number, PartCount[]>()
  for (const count of reports.flatMap(({ counts }) => counts)) byFile.set(count.file, [...(byFile.get(count.file) ?? []), count])
  const known = [
    ...files.map(({ label, scan }) => ({ label, form: scan.form, sizeBytes: scan.sizeBytes, sha256: scan.sha256 })),
    ...(stdin ? [{ label: stdin.label, form: stdin.form, ...stdin.measured() }] : []),
  ]
  const inputs = known.map(({ label, form, sizeBytes, sha256 }, file): InputReport => {
    const own = byFile.get(file) ?? []
    const decided = { superseded: superseded.get(file) ?? 0, orphans: orphans.get(file) ?? 0, withdrawn: withdrawn.get(file) ?? 0 }
    return { file: label, form: form ?? 'unknown', sizeBytes, sha256, ...settleAccount(own, decided) }
  })
  const total = (pick: (input: InputReport) => number) => inputs.reduce((sum, input) => sum + pick(input), 0)
  const named = shards.map((shard, index) => ({ ...shard, name: nameOf(index) }))
  const battles = await writeBattles(
    join(options.work, 'battles.parquet'),
    named.map(({ name }) => state.path('shards', `${name}.battles`)),
  )
  return {
    schema: 1,
    inputs,
    lines: total((input) => input.lines),
    accepted: total((input) => input.accepted),
    superseded: total((input) => input.superseded),
    refused: addRefused(inputs.map((input) => input.refused)),
    conversations: shards.reduce((sum, { rows }) => sum + rows, 0),
    battles,
    users: await countUsers(named.map(({ name, users }) => ({ path: state.path('shards', `${name}.users`), counts: users }))),
    shards: named.map(({ name, rows, sha256 }) => ({ shard: name, rows, sha256 })),
  }
}

function sumByFile(counts: readonly [file: number, lines: number][]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const [file, lines] of counts) sums.set(file, (sums.get(file) ?? 0) + lines)
  return sums
}

/**
 * Runs a step for each item, as many at once as there are workers, and begins no more when one fails or the run is interrupted. Steps under way are
 * waited for, so that no worker still writes when this gives up. Results are in the items' order.
 */
async function inOrder<Item, Result>(
  { pool, signal, onProgress }: IngestOptions,
  pass: IngestProgress['pass'],
  items: readonly Item[],
  step: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const waiting = items.entries()
  const results: Result[] = []
  const faults: unknown[] = []
  let done = 0
  const lane = async () => {
    for (const [index, item] of waiting) {
      if (faults.length > 0) return
      if (signal?.aborted) {
        throw new RetryableError('interrupted', 'Ingest was interrupted. Finished parts are kept; run the same command again to go on.')
      }
      results[index] = await step(item)
      done++
      onProgress?.({ pass, done, of: items.length })
    }
  }
  const lanes = Array.from({ length: Math.min(pool.size, items.length) }, () => lane().catch((fault) => faults.push(fault)))
  await Promise.all(lanes)
  if (faults.length > 0) throw faults[0]
  return results
}
