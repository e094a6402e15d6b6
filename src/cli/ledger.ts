import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Settings } from '../config.ts'
import { AppError, InputError } from '../errors.ts'
import { type LedgerCheck, type LedgerEntry, parseEntry, readLedger, verifyEntries, verifyLedger } from '../hub/ledger.ts'
import type { World } from './command.ts'
import { openHubOf } from './serve.ts'

/** `colloquy ledger verify|export`: checks the hub's record of what happened, or prints it as JSON lines. */
export async function run({ operands, settings, world }: { operands: string[]; settings: Settings; world: World }): Promise<number> {
  const [what, file] = operands
  if (what === 'verify' && file) return tell(await verifyEntries(entriesOf(file)), settings, world)
  if (what !== 'verify' && what !== 'export')
    throw new InputError('ledger-what', "Say what to do with the ledger: 'verify', 'verify FILE' or 'export'.")
  const hub = await openHubOf(settings, world)
  try {
    if (what === 'verify') return await tell(await verifyLedger(hub.database), settings, world)
    for await (const page of readLedger(hub.database)) await world.print(page.map((entry) => JSON.stringify(entry)).join('\n'))
    return 0
  } finally {
    await hub.database.close()
  }
}

async function tell(check: LedgerCheck, settings: Settings, world: World): Promise<number> {
  if (check.brokenAt !== undefined) {
    throw new AppError(
      'ledger-broken',
      `The ledger is broken at entry ${check.brokenAt}: it does not follow from the entries before it. The first ${check.entries} hold. Compare with an earlier export.`,
      { exitCode: 2 },
    )
  }
  await world.print(
    settings.json ? JSON.stringify(check) : `The ledger is whole: ${check.entries} entries, the last with hash ${check.head}.`,
  )
  return 0
}

async function* entriesOf(file: string): AsyncIterable<LedgerEntry[]> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield [parseEntry(line)]
  }
}
