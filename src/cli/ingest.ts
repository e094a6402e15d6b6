import { defaultJobs, openPool } from '../engine/pool.ts'
import { InputError } from '../errors.ts'
import { type FormName, formNames } from '../ingest/entry.ts'
import { ingest } from '../ingest/ingest.ts'
import { type Account, countRefused, type IngestReport } from '../ingest/report.ts'
import type { CommandModule } from './command.ts'
import { openProgress } from './progress.ts'
import { toTable } from './table.ts'

/** `colloquy ingest`: raw logs into a work folder. */
export const run: CommandModule['run'] = async ({ operands, settings, world }) => {
  const { work, jobs, json } = settings
  if (!work) throw new InputError('flag-missing', 'colloquy ingest needs --work DIR: the folder that the conversations are written to.')
  if (operands.length === 0) throw new InputError('operand-missing', "Name log files, folders, patterns, or '-' for standard input.")
  const format = settings.format === undefined ? undefined : formNamed(settings.format)
  const pool = openPool(jobs ?? defaultJobs())
  const progress = openProgress(world, 'ingest', 'steps')
  try {
    const report = await ingest({
      inputs: operands,
      work,
      pool,
      log: world.log,
      signal: world.signal,
      stdin: world.stdin,
      onProgress: ({ done, of }) => progress.at(done, of),
      ...(format ? { format } : {}),
      ...(settings['salt-file'] ? { saltFile: settings['salt-file'] } : {}),
    })
    progress.end()
    await world.print(json ? JSON.stringify(report) : showIngest(report))
  } finally {
    await pool.close()
  }
  return 0
}

/**
 * The form of that name, as `--format` takes it.
 * @throws InputError `format-unknown` listing the forms.
 */
export function formNamed(name: string): FormName {
  const form = formNames.find((known) => known === name)
  if (form) return form
  throw new InputError('format-unknown', `There is no form '${name}'. Forms: ${formNames.join(', ')}.`)
}

/** Lines by form and what became of them, as a table; reasons of refusal below each other. */
export function showIngest(report: IngestReport): string {
  const forms = [...new Set(report.inputs.map(({ form }) => form))].sort()
  const rows = forms.map((form) => [form, ...accountCells(sum(report.inputs.filter((input) => input.form === form)))])
  const accounts = toTable(
    ['form', 'files', 'lines', 'accepted', 'superseded', 'refused'],
    [...rows, ['all', ...accountCells({ ...report, files: report.inputs.length })]],
  )
  const reasons = Object.entries(report.refused).map(([reason, count]) => [reason, show(count)])
  const refused = reasons.length === 0 ? [] : [toTable(['refused', 'lines'], reasons)]
  const made = `${show(report.conversations)} conversations, ${show(report.battles)} battles, ${show(report.users)} users`
  return [accounts, ...refused, made].join('\n\n')
}

interface Sum extends Pick<Account, 'lines' | 'accepted' | 'superseded' | 'refused'> {
  files: number
}

function sum(accounts: readonly Account[]): Sum {
  const total = (pick: (account: Account) => number) => accounts.reduce((all, account) => all + pick(account), 0)
  return {
    files: accounts.length,
    lines: total((account) => account.lines),
    accepted: total((account) => account.accepted),
    superseded: total((account) => account.superseded),
    refused: { unreadable: total((account) => countRefused(account.refused)) },
  }
}

function accountCells({ files, lines, accepted, superseded, refused }: Sum): string[] {
  return [files, lines, accepted, superseded, countRefused(refused)].map(show)
}

function show(count: number): string {
  return count.toLocaleString('en')
}
