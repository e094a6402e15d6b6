import { type Form, type FormName, formNames } from '../entry.ts'
import { arenaHard } from './arena-hard.ts'
import { arenaPairs } from './arena-pairs.ts'
import { chatgpt } from './chatgpt.ts'
import { events } from './events.ts'
import { fastchat } from './fastchat.ts'
import { hhRlhf } from './hh-rlhf.ts'
import { langfuse } from './langfuse.ts'
import { lmsys } from './lmsys.ts'
import { mtBench101 } from './mt-bench-101.ts'
import { openai } from './openai.ts'
import { openwebui } from './openwebui.ts'
import { sharegpt } from './sharegpt.ts'
import { wildchat } from './wildchat.ts'

const table: Readonly<Record<FormName, Form>> = {
  events,
  fastchat,
  'arena-pairs': arenaPairs,
  'arena-hard': arenaHard,
  wildchat,
  lmsys,
  openwebui,
  chatgpt,
  langfuse,
  sharegpt,
  'mt-bench-101': mtBench101,
  'hh-rlhf': hhRlhf,
  openai,
}

/** Every form, the more particular first: of forms that match a file equally often the first is taken. */
export const forms: readonly Form[] = formNames.map((name) => table[name])

/** The form of that name. */
export function formOf(name: FormName): Form {
  return table[name]
}
