import { PIPELINE_DATA, type PipelineData } from '@huggingface/tasks'
import { parseDocument } from 'yaml'
import { describeError } from '../errors.ts'

/** What is wrong with a card's front matter: errors make a hub refuse it, warnings are shown on the page. */
export interface CardFindings {
  errors: string[]
  warnings: string[]
}

/** Official values by field. @see https://github.com/huggingface/hub-docs/blob/main/datasetcard.md and the Hub's own validator */
const lists: Readonly<Record<string, readonly string[]>> = {
  annotations_creators: ['found', 'crowdsourced', 'expert-generated', 'machine-generated', 'no-annotation', 'other'],
  language_creators: ['found', 'crowdsourced', 'expert-generated', 'machine-generated', 'other'],
  multilinguality: ['monolingual', 'multilingual', 'translation', 'other'],
  size_categories: [
    'n<1K',
    '1K<n<10K',
    '10K<n<100K',
    '100K<n<1M',
    '1M<n<10M',
    '10M<n<100M',
    '100M<n<1B',
    '1B<n<10B',
    '10B<n<100B',
    '100B<n<1T',
    'n>1T',
    'other',
  ],
}

const gateFieldTypes = ['text', 'checkbox', 'date_picker', 'country']

/** Checks front matter (YAML without its `---` lines) against the official lists of tasks, fields and forms. */
export function checkCard(yaml: string): CardFindings {
  const findings: CardFindings = { errors: [], warnings: [] }
  const document = parseDocument(yaml)
  for (const error of document.errors) findings.errors.push(`YAML: ${error.message}`)
  if (findings.errors.length > 0) return findings
  let card: unknown
  try {
    card = document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    findings.errors.push(`YAML: ${describeError(error)}`)
    return findings
  }
  if (!isRecord(card)) {
    findings.errors.push('The front matter is not a map of fields.')
    return findings
  }
  checkTasks(card, findings)
  checkLists(card, findings)
  checkLanguages(card, findings)
  checkLicense(card, findings)
  const configs = checkConfigs(card, findings)
  checkInfo(card, configs, findings)
  checkGate(card, findings)
  return findings
}

function checkTasks(card: Record<string, unknown>, { errors, warnings }: CardFindings): void {
  const categories = texts(card.task_categories)
  if (!categories) return void errors.push("'task_categories' must be a list of strings.")
  const known = new Map<string, PipelineData>(Object.entries(PIPELINE_DATA))
  for (const category of categories) {
    if (!known.has(category)) warnings.push(`Task category '${category}' is not in the official list.`)
  }
  const ids = texts(card.task_ids)
  if (!ids) return void errors.push("'task_ids' must be a list of strings.")
  const subtasks = new Set(categories.flatMap((category) => known.get(category)?.subtasks?.map(({ type }) => type) ?? []))
  for (const id of ids) if (!subtasks.has(id)) warnings.push(`Task id '${id}' belongs to none of the card's task categories.`)
}

function checkLists(card: Record<string, unknown>, { errors, warnings }: CardFindings): void {
  for (const [field, values] of Object.entries(lists)) {
    const given = texts(card[field])
    if (!given) errors.push(`'${field}' must be a list of strings.`)
    for (const value of given ?? []) if (!values.includes(value)) warnings.push(`'${value}' is not an official value of '${field}'.`)
  }
  if (!texts(card.tags)) errors.push("'tags' must be a list of strings.")
  if (card.pretty_name !== undefined && typeof card.pretty_name !== 'string') errors.push("'pretty_name' must be a string.")
}

function checkLanguages(card: Record<string, unknown>, { errors, warnings }: CardFindings): void {
  const languages = texts(card.language)
  // YAML 1.1 readers, the Hub's among them, take a bare `no` for false; our YAML writer quotes it.
  if (!languages) return void errors.push('\'language\' must be a list of strings (quote "no").')
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
  for (const code of languages) {
    if (!/^[a-z]{2,3}$/.test(code) || names.of(code) === undefined) warnings.push(`Language '${code}' is not an ISO 639-1, -2 or -3 code.`)
  }
  if (new Set(languages).size < languages.length) warnings.push("'language' names a language twice.")
}

function checkLicense(card: Record<string, unknown>, { errors, warnings }: CardFindings): void {
  if (card.license === undefined) warnings.push("'license' is missing.")
  else if (typeof card.license !== 'string') errors.push("'license' must be a string.")
  if (card.license !== 'other') return
  if (typeof card.license_name !== 'string' || !/^[a-z0-9-.]+$/.test(card.license_name)) {
    errors.push("'license_name' must be lower-case letters, digits, '-' and '.' when 'license' is other.")
  }
  const link = card.license_link
  if (typeof link !== 'string' || !(/^LICENSE(\.md)?$/.test(link) || URL.canParse(link))) {
    errors.push("'license_link' must be LICENSE, LICENSE.md or a URL when 'license' is other.")
  }
}

function checkConfigs(card: Record<string, unknown>, { errors }: CardFindings): Set<string> {
  const names = new Set<string>()
  if (card.configs === undefined) return names
  if (!Array.isArray(card.configs)) {
    errors.push("'configs' must be a list.")
    return names
  }
  const configs: unknown[] = card.configs
  let defaults = 0
  for (const config of configs) {
    if (!isRecord(config) || typeof config.config_name !== 'string') {
      errors.push("Every entry of 'configs' needs a 'config_name'.")
      continue
    }
    names.add(config.config_name)
    if (config.default === true) defaults++
    const files: unknown[] = Array.isArray(config.data_files) ? config.data_files : []
    for (const file of files) {
      if (typeof file === 'string') continue
      const isEntry = isRecord(file) && Object.keys(file).sort().join() === 'path,split'
      if (!isEntry || typeof file.split !== 'string' || !/^\w+(\.\w+)*$/.test(file.split)) {
        errors.push(`'data_files' of config '${config.config_name}' needs entries of exactly a split (letters, digits, _) and a path.`)
      }
    }
  }
  if (defaults > 1) errors.push("At most one of 'configs' can be the default.")
  return names
}

function checkInfo(card: Record<string, unknown>, configs: ReadonlySet<string>, { errors }: CardFindings): void {
  if (card.dataset_info === undefined) return
  const infos: unknown[] = Array.isArray(card.dataset_info) ? card.dataset_info : [card.dataset_info]
  for (const info of infos) {
    if (!isRecord(info) || !Array.isArray(info.features)) {
      errors.push("'dataset_info' needs 'features'.")
      continue
    }
    if (typeof info.config_name === 'string' && configs.size > 0 && !configs.has(info.config_name)) {
      errors.push(`'dataset_info' is for config '${info.config_name}', which 'configs' does not have.`)
    }
    const splits: unknown[] = Array.isArray(info.splits) ? info.splits : []
    for (const split of splits) {
      if (!isRecord(split) || typeof split.name !== 'string' || !isCount(split.num_bytes) || !isCount(split.num_examples)) {
        errors.push("Every split of 'dataset_info' needs a name, num_bytes and num_examples.")
      }
    }
    if (!isCount(info.download_size) || !isCount(info.dataset_size)) errors.push("'dataset_info' needs download_size and dataset_size.")
  }
}

function checkGate(card: Record<string, unknown>, { errors }: CardFindings): void {
  for (const field of ['extra_gated_heading', 'extra_gated_prompt', 'extra_gated_button_content']) {
    if (card[field] !== undefined && typeof card[field] !== 'string') errors.push(`'${field}' must be a string.`)
  }
  if (card.extra_gated_fields === undefined) return
  if (!isRecord(card.extra_gated_fields)) return void errors.push("'extra_gated_fields' must be a map of labels to types.")
  for (const [label, type] of Object.entries(card.extra_gated_fields)) {
    const isSelect = isRecord(type) && type.type === 'select' && Array.isArray(type.options)
    if (!isSelect && !gateFieldTypes.includes(String(type)))
      errors.push(`Gate field '${label}' has no type of ${gateFieldTypes.join(', ')}, select.`)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** A list of strings; a missing field is an empty list, a single string a list of one; undefined: something else. */
function texts(value: unknown): string[] | undefined {
  if (value === undefined) return []
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.every((item) => typeof item === 'string') ? (list as string[]) : undefined
}
