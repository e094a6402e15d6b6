import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { Reason } from './entry.ts'
import { withoutAddresses } from './privacy.ts'

/** A refused line. `offset` and `sizeBytes` are of the unpacked file; null for Parquet rows, which have no bytes of their own. */
export interface Refused {
  file: string
  line: number
  offset: number | null
  sizeBytes: number | null
  reason: Reason
  /** The record, where it could be parsed: kept without addresses. */
  record?: unknown
  /** Lines that this entry stands for: more than one for a row group that cannot be read. */
  lines?: number
}

/** Refused for what they show, or whole files at a time: these are not copied. */
const placeOnly: ReadonlySet<Reason> = new Set(['csam-image', 'form-unknown'])

/** Longest record kept, in characters of JSON. */
const recordLimit = 16_384

/** Refused lines' file. It is made with the first one, and has its name only once closed. */
export interface Quarantine {
  add(refused: Refused): void
  close(): void
}

/** Opens a quarantine file (JSON lines) at `path`; one from an earlier try is removed. */
export function createQuarantine(path: string): Quarantine {
  const part = `${path}.part`
  let file: number | undefined
  rmSync(path, { force: true })
  return {
    add(refused) {
      file ??= openSync(part, 'w', 0o600)
      writeSync(file, `${JSON.stringify(describe(refused))}\n`)
    },
    close() {
      if (file === undefined) return
      fsyncSync(file)
      closeSync(file)
      renameSync(part, path)
    },
  }
}

function describe({ file, line, offset, sizeBytes, reason, record, lines }: Refused): Record<string, unknown> {
  return {
    file,
    line,
    offset,
    sizeBytes,
    reason,
    ...(lines === undefined ? {} : { lines }),
    ...(record === undefined || placeOnly.has(reason) ? {} : keep(record)),
  }
}

function keep(record: unknown): { record?: unknown } {
  try {
    const clean = withoutAddresses(record)
    return JSON.stringify(clean).length <= recordLimit ? { record: clean } : {}
  } catch {
    // Too deep or otherwise unwritable: its place says where to look.
    return {}
  }
}
