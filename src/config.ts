import { InputError } from './errors.ts'

/** One setting: a command-line flag and, where named, an environment variable. */
export interface Setting<T> {
  /** Environment variable, read once at start. */
  env?: string
  /** Default, as it would be typed; absent: the setting is off or required by the command that uses it. */
  default?: string
  /** For `--help` and docs/settings.md: what it is, unit, range. */
  help: string
  /** Placeholder of the value in `--help`; absent for a switch. */
  value?: string
  /** May be given several times. */
  repeats?: boolean
  parse(text: string): T
}

const text = (value: string) => value
const list = (value: string) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
const flag = (value: string) => value !== 'false' && value !== '0'

function integer(name: string, low: number, high: number) {
  return (value: string): number => {
    const number = Number(value)
    if (Number.isInteger(number) && number >= low && number <= high) return number
    throw new InputError('setting-invalid', `--${name} is '${value}'. It takes a whole number from ${low} to ${high}.`)
  }
}

function location(value: string): string {
  if (/^(?:\/[a-z0-9_-]+)+\/?$/i.test(value)) return value.replace(/\/$/, '')
  throw new InputError('setting-invalid', `--nginx-files is '${value}'. It takes a path of letters, digits, '_' and '-', such as /_files.`)
}

function oneOf<const Choice extends string>(name: string, ...choices: readonly Choice[]) {
  return (value: string): Choice => {
    const found = choices.find((choice) => choice === value)
    if (found !== undefined) return found
    throw new InputError('setting-invalid', `--${name} is '${value}'. It takes ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}.`)
  }
}

function anchorOf(value: string): { model: string; rating: number } {
  const match = /^(.+)=(-?\d+(?:\.\d+)?)$/.exec(value)
  if (match?.[1]) return { model: match[1], rating: Number(match[2]) }
  throw new InputError(
    'setting-invalid',
    `--anchor is '${value}'. It takes a model and its rating, such as mixtral-8x7b-instruct-v0.1=1114.`,
  )
}

function url(name: string, schemes: RegExp) {
  return (value: string): string => {
    if (URL.canParse(value) && schemes.test(new URL(value).protocol)) return value
    throw new InputError('setting-invalid', `--${name} is no such address. It takes a whole URL; see docs/settings.md.`)
  }
}

/** Every setting there is, by its flag. docs/settings.md lists the same ones; a test compares them. */
export const settings = {
  out: { help: 'folder that the result is written to; it must not exist, or be one that the same command made', value: 'DIR', parse: text },
  work: {
    help: 'folder for intermediate files, kept so that a rerun goes on where it stopped (default: DIR of --out with .work added)',
    value: 'DIR',
    parse: text,
  },
  recipe: { help: "built-in recipe ('default', 'lmsys-2023') or a YAML file", value: 'NAME|FILE', default: 'default', parse: text },
  jobs: {
    env: 'COLLOQUY_JOBS',
    help: 'worker threads (1–64; default: processors of this machine)',
    value: 'N',
    parse: integer('jobs', 1, 64),
  },
  title: { help: 'title of the release, on its card', value: 'TEXT', parse: text },
  licensor: { env: 'COLLOQUY_LICENSOR', help: 'who licenses the release, on its card and in its agreement', value: 'TEXT', parse: text },
  contact: {
    env: 'COLLOQUY_CONTACT',
    help: 'where people write for withdrawal, deletion and questions (e-mail or URL)',
    value: 'TEXT',
    parse: text,
  },
  law: { env: 'COLLOQUY_LAW', help: 'law that the agreement falls under, such as "Germany"', value: 'TEXT', parse: text },
  url: { help: 'address (http or https) where the release will be found', value: 'URL', parse: text },
  published: { help: 'day of publication (YYYY-MM-DD; default: the last day in the data)', value: 'DAY', parse: text },
  'release-version': { help: 'version of the release (three numbers such as 1.0.0; default: 1.0.0)', value: 'VERSION', parse: text },
  limit: {
    help: 'keep at most N conversations (1–1,000,000,000), after the filters',
    value: 'N',
    parse: integer('limit', 1, 1_000_000_000),
  },
  engine: { help: "where the work runs: 'local' (threads) or 'spark'", value: 'NAME', default: 'local', parse: text },
  'salt-file': {
    env: 'COLLOQUY_SALT_FILE',
    help: 'secret for keyed user ids (made with mode 600 on first use; default: in --work)',
    value: 'FILE',
    parse: text,
  },
  format: { help: 'form of the input logs, when detection from content is not wanted', value: 'NAME', parse: text },
  only: { help: 'comma-separated labels to compute', value: 'NAMES', parse: text },
  conversations: { help: 'number of conversations (1–100,000,000)', value: 'N', parse: integer('conversations', 1, 100_000_000) },
  seed: { help: 'seed of the random choices (0–4,294,967,295)', value: 'N', default: '42', parse: integer('seed', 0, 0xffffffff) },
  truth: { help: 'file for the answer key (JSONL)', value: 'FILE', parse: text },
  source: {
    help: "source of moderation: 'classifier', 'openai', 'openai:MODEL' or 'guard:TEMPLATE:MODEL'",
    value: 'NAME',
    default: 'classifier',
    parse: text,
  },
  against: { help: 'second source of moderation, to see how far both agree', value: 'NAME', parse: text },
  uncover: { help: 'print the texts of mistakes, which may be hateful, violent or sexual', parse: flag },
  examples: {
    help: 'examples of each kind in an evaluation set or review (1–1,000,000)',
    value: 'N',
    default: '100',
    parse: integer('examples', 1, 1_000_000),
  },
  category: { help: "votes that count: 'all', 'hard', 'coding' or 'language:English'", value: 'NAME', default: 'all', parse: text },
  'style-control': { help: 'take out what length, headers, lists and bold text are worth to voters', parse: flag },
  rounds: { help: 'bootstrap rounds of the intervals (0–10,000)', value: 'N', default: '100', parse: integer('rounds', 0, 10_000) },
  anchor: { help: 'model whose rating is fixed (default: the mean of all models is 1000)', value: 'MODEL=RATING', parse: anchorOf },
  'daily-votes': {
    help: 'votes of one voter and day that count (1–1,000,000; default: all)',
    value: 'N',
    parse: integer('daily-votes', 1, 1_000_000),
  },
  'with-named': { help: 'count votes whose models were named, too', parse: flag },
  'openai-key': {
    env: 'OPENAI_API_KEY',
    help: 'key of the moderation or guard endpoint; better by the environment, which other users of the machine cannot see',
    value: 'KEY',
    parse: text,
  },
  'openai-url': {
    env: 'OPENAI_BASE_URL',
    help: 'base URL (http or https) of an endpoint that answers like the OpenAI API (default: https://api.openai.com/v1)',
    value: 'URL',
    parse: text,
  },
  data: { env: 'COLLOQUY_DATA', help: 'folder that the hub keeps its data in', value: 'DIR', parse: text },
  port: {
    env: 'COLLOQUY_PORT',
    help: 'port to answer on (0–65,535; 0: any free one)',
    value: 'P',
    default: '8080',
    parse: integer('port', 0, 65_535),
  },
  host: { env: 'COLLOQUY_HOST', help: 'address to answer on; 0.0.0.0 for all', value: 'ADDRESS', default: '127.0.0.1', parse: text },
  'admin-token-file': {
    help: "file that a new administrator's token is written to (mode 600) when it is not there yet",
    value: 'FILE',
    parse: text,
  },
  'public-url': {
    env: 'COLLOQUY_PUBLIC_URL',
    help: 'address that people reach the hub by, such as https://data.example.org',
    value: 'URL',
    parse: text,
  },
  'behind-proxy': {
    env: 'COLLOQUY_BEHIND_PROXY',
    help: 'believe X-Forwarded-Proto, -Host and -For, which a proxy of yours sets',
    parse: flag,
  },
  'proxy-hops': {
    env: 'COLLOQUY_PROXY_HOPS',
    help: 'proxies of yours that add to X-Forwarded-For; the chat site believes that many entries (0–10; default: 1 with --behind-proxy, else 0)',
    value: 'N',
    parse: integer('proxy-hops', 0, 10),
  },
  models: {
    env: 'COLLOQUY_MODELS',
    help: 'YAML file of the models of chat, arena and gateway (default: demonstration models without keys)',
    value: 'FILE',
    parse: text,
  },
  terms: {
    env: 'COLLOQUY_TERMS',
    help: 'YAML file of the terms that people accept before their first message (default: built-in terms)',
    value: 'FILE',
    parse: text,
  },
  events: { env: 'COLLOQUY_EVENTS', help: 'folder of the event log (default: events in --data)', value: 'DIR', parse: text },
  feeds: {
    env: 'COLLOQUY_FEEDS',
    help: 'datasets of this hub that are made of the event log, comma-separated: a withdrawal opens a request for deletion on each',
    value: 'NAMESPACE/NAME,…',
    parse: list,
  },
  limits: {
    env: 'COLLOQUY_LIMITS',
    help: 'YAML file of what people, networks and applications may use of chat, arena and gateway (default: see docs/collect.md)',
    value: 'FILE',
    parse: text,
  },
  moderate: {
    env: 'COLLOQUY_MODERATE',
    help: "what the offline moderation does with a flagged prompt: 'off', 'warn' or 'block'; unless off, flagged answers are covered until asked for",
    value: 'NAME',
    default: 'off',
    parse: oneOf('moderate', 'off', 'warn', 'block'),
  },
  'database-url': { env: 'DATABASE_URL', help: 'PostgreSQL server in place of the database in --data', value: 'URL', parse: text },
  files: {
    env: 'COLLOQUY_FILES',
    help: 'where files are kept: a folder, or s3://bucket/prefix?endpoint=URL&region=NAME (default: in --data)',
    value: 'PLACE',
    parse: text,
  },
  'nginx-files': {
    env: 'COLLOQUY_NGINX_FILES',
    help: 'internal location of your nginx that leads to the folder of stored files, such as /_files: nginx then sends them',
    value: 'PATH',
    parse: location,
  },
  'smtp-url': {
    env: 'COLLOQUY_SMTP_URL',
    help: 'server that mail leaves by, smtp://user:password@host:587 or smtps://…; better in the environment',
    value: 'URL',
    parse: url('smtp-url', /^smtps?:$/),
  },
  'mail-from': {
    env: 'COLLOQUY_MAIL_FROM',
    help: 'address that mail comes from, such as "Data desk <data@example.org>"',
    value: 'ADDRESS',
    parse: text,
  },
  'oidc-issuer': {
    env: 'COLLOQUY_OIDC_ISSUER',
    help: 'OpenID provider that people may log in by (https)',
    value: 'URL',
    parse: url('oidc-issuer', /^https?:$/),
  },
  'oidc-client-id': { env: 'COLLOQUY_OIDC_CLIENT_ID', help: 'name of this hub at the OpenID provider', value: 'ID', parse: text },
  'oidc-client-secret': {
    env: 'COLLOQUY_OIDC_CLIENT_SECRET',
    help: "this hub's secret at the OpenID provider; better in the environment",
    value: 'SECRET',
    parse: text,
  },
  'oidc-name': {
    env: 'COLLOQUY_OIDC_NAME',
    help: 'what the button of the OpenID provider says',
    value: 'TEXT',
    default: 'OpenID',
    parse: text,
  },
  to: { help: 'hub to publish to: a Colloquy hub, or https://huggingface.co', value: 'URL', parse: text },
  dataset: { help: 'dataset to publish as', value: 'NAMESPACE/NAME', parse: text },
  token: {
    env: 'HF_TOKEN',
    help: 'write token of the hub to publish to; better in the environment, where other users do not see it',
    value: 'hf_…',
    parse: text,
  },
  private: { help: 'make the dataset private when it is new', parse: flag },
  json: { help: 'print results and errors as JSON, for machines', parse: flag },
  help: { help: 'print how the command is used', parse: flag },
} as const satisfies Record<string, Setting<unknown>>

/** The flag of a setting. */
export type SettingName = keyof typeof settings

/** Parsed settings: the ones that were given, by environment or flag, or that have a default. */
export type Settings = { [Name in SettingName]?: ReturnType<(typeof settings)[Name]['parse']> }

/**
 * The settings of one command: flags over environment over defaults.
 * @throws InputError `setting-invalid` naming the flag, the value and what it takes.
 */
export function resolveSettings(
  names: readonly SettingName[],
  flags: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const resolved: Record<string, unknown> = {}
  for (const name of names) {
    const setting: Setting<unknown> = settings[name]
    const given = flags[name] ?? (setting.env ? env[setting.env] : undefined) ?? setting.default
    if (given !== undefined) resolved[name] = setting.parse(given)
  }
  return Object.freeze(resolved) as Settings
}
