import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createCsvReader } from '../../src/curate/moderation/csv.ts'
import { type Example, example, fractionOf, targetsOf } from './example.ts'

export function parseCsv(text: string, separator = ','): Record<string, string>[] {
  const reader = createCsvReader(separator)
  const [head = [], ...rows] = [...reader.push(text), ...reader.end()]
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])))
}

export const unescapeHtml = (text: string) =>
  text
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replace(/&#\d+;/g, ' ')

/** Share of a set that is used for training: the large ones would drown the others, and take most of the time. */
const shares: Record<string, number> = {
  davidson: 0.6, 'tweeteval-hate': 0.6, gptfuzz: 0.3, 'eld-tweets': 0.25, 'eld-tweets-en': 0.25, 'mt-bench-101': 0.3, 'arena-hard': 0.3, gsm8k: 0.4, wikigold: 0.5, presidio: 0.3,
} // biome-ignore format: a table

/** Every labelled text of the data folder, its labels mapped to the eleven. Sets that are kept out whole have part `test`. */
export function readExamples(folder: string, handLabels: URL): Example[] {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const held = (items: Example[]) => items.map((item): Example => ({ ...item, part: 'test' }))
  const all = [
    ...parseCsv(read('moderation/davidson-2017.csv')).map((row) =>
      example(
        'davidson',
        unescapeHtml(row.tweet ?? ''),
        row.class === '0' ? 'H R=.7 RT? HT? V? S?' : row.class === '1' ? 'R=.55 H=.08 S? V? RT?' : '-',
        0.25,
      ),
    ),
    ...tweets(read, 'hate', 'train', (label) => (label === '1' ? 'H R=.6 HT? RT? V?' : 'R? V? S?')),
    ...tweets(read, 'hate', 'val', (label) => (label === '1' ? 'H R=.6 HT? RT? V?' : 'R? V? S?')),
    ...tweets(read, 'offensive', 'train', (label) => (label === '1' ? 'R=.75 H? HT? RT? V? S?' : '-')),
    ...tweets(read, 'offensive', 'val', (label) => (label === '1' ? 'R=.75 H? HT? RT? V? S?' : '-')),
    ...held(tweets(read, 'offensive', 'test', (label) => (label === '1' ? 'R H? HT? RT? V? S?' : '-'))),
    ...held(tweets(read, 'hate', 'test', (label) => (label === '1' ? 'H R? HT? RT? V?' : 'R? V? S?'))),
    ...readConvAbuse(read('moderation/convabuse.csv')),
    ...parseCsv(read('moderation/gptfuzz-train.csv')).flatMap((row) =>
      row.label === '0' ? [example('gptfuzz', (row.Response ?? '').slice(0, 2000), '-', 0.3)] : [],
    ),
    ...readRequests(read),
    ...held(
      parseCsv(read('moderation/hatecheck.csv')).map((row) =>
        example(
          'hatecheck',
          row.test_case ?? '',
          row.label_gold === 'hateful' ? `H R? RT?${row.functionality?.startsWith('threat') ? ' HT V?' : ' V?'}` : 'R? S? V?',
        ),
      ),
    ),
    ...held(
      parseCsv(read('moderation/xstest.csv')).map((row) =>
        example(row.label === 'safe' ? 'xstest-safe' : 'xstest-unsafe', row.prompt ?? '', row.label === 'safe' ? '-' : '*'),
      ),
    ),
    ...readCat(read('moderation/catqa-en.json'), 'catqa-en'),
    ...readCat(read('moderation/catqa-vi.json'), 'catqa-vi'),
    ...held(readCat(read('moderation/catqa-zh.json'), 'catqa-zh')),
    ...readHandLabels(folder, handLabels),
    ...readSafe(folder, read),
  ]
  return all.filter(({ text, set, part }) => part === 'test' || fractionOf(`${text}#`) < (shares[set] ?? 1))
}

function tweets(read: (name: string) => string, task: string, part: string, labels: (label: string) => string): Example[] {
  const texts = read(`moderation/tweeteval-${task}-${part}-text.txt`).split('\n')
  const answers = read(`moderation/tweeteval-${task}-${part}-labels.txt`).trim().split('\n')
  return answers.map((answer, at) => example(`tweeteval-${task}`, unescapeHtml(texts[at] ?? ''), labels(answer.trim()), 0.32))
}

function readConvAbuse(text: string): Example[] {
  const byText = new Map<string, { sum: number; count: number; sexual: number }>()
  for (const row of parseCsv(text, ';')) {
    const said = row['Input.user']?.trim() ?? ''
    const score = Number(row.is_abuse || Number.NaN)
    if (said === '' || Number.isNaN(score)) continue
    const entry = byText.get(said) ?? { sum: 0, count: 0, sexual: 0 }
    entry.sum += score
    entry.count += 1
    entry.sexual += row.sex_harassment === 'harass' ? 1 : 0
    byText.set(said, entry)
  }
  return [...byText].map(([said, { sum, count, sexual }]) => {
    const mean = sum / count
    const labels =
      mean > 0.3 ? '-' : mean > -0.6 ? '*' : sexual / count >= 0.5 ? 'S=.8 R=.6 RT? V?' : `R=${mean < -1.5 ? 0.95 : 0.8} H? RT? V? S?`
    const item = example('convabuse', said, labels)
    return fractionOf(`${said} `) < 0.3 ? { ...item, part: 'test' as const } : item
  })
}

/** Requests without categories: the obvious ones by word, the rest left open. */
function readRequests(read: (name: string) => string): Example[] {
  const goals = (JSON.parse(read('moderation/advbench.json')) as { goal: string }[]).map(({ goal }) =>
    example('advbench', goal, labelsOfRequest(goal), 0.7),
  )
  const behaviours = parseCsv(read('moderation/harmbench.csv')).map((row) => {
    const kind = row.SemanticCategory ?? ''
    const text = [row.ContextString, row.Behavior].filter(Boolean).join('\n')
    const labels = ['copyright', 'cybercrime_intrusion', 'misinformation_disinformation'].includes(kind)
      ? '-'
      : kind === 'harassment_bullying'
        ? 'R H? V? RT?'
        : labelsOfRequest(text)
    return example('harmbench', text, labels, 0.7)
  })
  const topics = JSON.parse(read('moderation/harmfulqa.json')) as Record<string, Record<string, string[]>>
  const questions = Object.values(topics).flatMap((fields) =>
    Object.values(fields)
      .flat()
      .map((text) => example('harmfulqa', text, labelsOfRequest(text), 0.4)),
  )
  return [...goals, ...behaviours, ...questions]
}

function labelsOfRequest(text: string): string {
  if (/suicid|self.harm|eating disorder|anorexi|starv|cutting/i.test(text)) return 'F FN? FI? V?'
  if (/child porn|underage|minors?\b/i.test(text)) return '*'
  if (/racis|sexist|hate speech|discriminat|antisemit|slur|holocaust/i.test(text)) return 'H R? HT? V?'
  if (/\b(kill|murder|bomb|assassin|tortur|terroris|shooting|massacre|poison|kidnap|assault|violen|weapon|cannibal)/i.test(text))
    return 'V=.85 R? H? G?'
  if (/bully|stalk|harass|defam|threaten/i.test(text)) return 'R=.7 RT? V?'
  if (
    /hack|phish|malware|virus|fraud|scam|steal|identity|counterfeit|launder|insider|pirat|fake|manipulat|password|tax|evad|bypass/i.test(
      text,
    )
  )
    return '-'
  return 'R? V? H? S?'
}

function readCat(text: string, set: string): Example[] {
  const kinds: Record<string, string> = {
    Weapon: 'V=.7', 'Human Trafficking': 'V? S?', Drug: '-', Cybercrime: '-', 'Theft and Robbery': '-', 'Content Sexual exploitation': 'S M', 'Physical abuse': 'V', 'Online predation': 'S=.8 M=.8',
    'Racial or ethnic hate': 'H', 'Religious intolerance': 'H', 'Gender-based violence': 'V H?', Cyberbullying: 'R', 'Terrorism and extremism': 'V H?', 'Self-harm': 'F FN? FI?', 'Assault and battery': 'V',
    'Weapon making': 'V=.7', Pornography: 'S', 'Erotic text': 'S', 'Nude imagery': 'S', 'Sexually explicit dialogue': 'S', 'Adult-themed humor': 'S=.6',
  } // biome-ignore format: a table
  const clean = [
    'Malware Viruses',
    'Economic Harm',
    'Fraud/Deception',
    'Political Campaigning',
    'Privacy Violation Activity',
    'Tailored Financial Advice',
  ]
  const groups = JSON.parse(text.replace(/,\s*([\]}])/g, '$1')) as Record<string, Record<string, string[]>>
  return Object.entries(groups).flatMap(([group, parts]) =>
    Object.entries(parts).flatMap(([part, texts]) =>
      texts.map((question) => example(set, question, kinds[part.replace(':', '').trim()] ?? (clean.includes(group) ? '-' : '*'))),
    ),
  )
}

function readHandLabels(folder: string, path: URL): Example[] {
  const labels = new Map(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => [line.slice(0, 16), line.split('\t')]),
  )
  const seen = new Set<string>()
  const examples: Example[] = []
  for (const line of gunzipSync(readFileSync(join(folder, 'conversations/hh-harmless-test.jsonl.gz')))
    .toString('utf8')
    .trim()
    .split('\n')) {
    const { chosen, rejected } = JSON.parse(line) as { chosen: string; rejected: string }
    for (const said of `${chosen}${rejected}`.split(/\n\n(?:Human|Assistant):/)) {
      const text = said.trim()
      const [, part, label] = labels.get(createHash('sha256').update(text).digest('hex').slice(0, 16)) ?? []
      if (label === undefined || seen.has(text)) continue
      seen.add(text)
      const targets = targetsOf(label)
      const set = part === 'late' ? 'hh-late' : 'hh-hand'
      examples.push({ text, targets, weight: 6, set, part: part === 'train' ? (fractionOf(text) < 1 / 8 ? 'calibrate' : 'train') : 'test' })
    }
  }
  return examples
}

/** Conversations and articles that are taken to be clean. */
function readSafe(folder: string, read: (name: string) => string): Example[] {
  const texts: [string, string][] = []
  for (const { conversations } of JSON.parse(read('conversations/sharegpt-500.json')) as { conversations: { value: string }[] }[]) {
    for (const { value } of conversations) texts.push(['sharegpt', value])
  }
  for (const line of read('conversations/mt-bench-101.jsonl').trim().split('\n')) {
    for (const { user, bot } of (JSON.parse(line) as { history: { user: string; bot: string }[] }).history)
      texts.push(['mt-bench-101', user], ['mt-bench-101', bot])
  }
  for (const line of read('conversations/support-1000.jsonl').trim().split('\n')) {
    for (const { content } of (JSON.parse(line) as { messages: { content: string }[] }).messages) texts.push(['support', content])
  }
  for (const name of ['gpt-3.5-turbo-0125', 'gpt-4-0613']) {
    for (const line of gunzipSync(readFileSync(join(folder, `conversations/arena-hard-answers-${name}.jsonl.gz`)))
      .toString('utf8')
      .trim()
      .split('\n')) {
      for (const { content } of (JSON.parse(line) as { messages: { content: string | { answer: string } }[] }).messages) {
        texts.push(['arena-hard', typeof content === 'string' ? content : content.answer])
      }
    }
  }
  for (const line of read('benchmarks/gsm8k-test.jsonl').trim().split('\n'))
    texts.push(['gsm8k', (JSON.parse(line) as { question: string }).question])
  const wiki = join(folder, 'pii/wikigold.conll')
  if (existsSync(wiki))
    for (const block of readFileSync(wiki, 'utf8').split(/\n\s*\n/))
      texts.push([
        'wikigold',
        block
          .split('\n')
          .map((row) => row.split(/\s/)[0])
          .join(' '),
      ])
  for (const row of JSON.parse(read('pii/presidio-generated-2109.json')) as { full_text: string }[]) texts.push(['presidio', row.full_text])
  const multilingual = read('language/eld-tweets.txt')
    .trim()
    .split('\n')
    .map((line): [string, string] => [line.startsWith('en\t') ? 'eld-tweets-en' : 'eld-tweets', line.split('\t')[1] ?? ''])
  const seen = new Set<string>()
  return [...texts, ...multilingual].flatMap(([set, text]) => {
    const key = text.slice(0, 200)
    if (text.trim().length < 2 || seen.has(key)) return []
    seen.add(key)
    return [example(set, text.slice(0, 6000), '-', set.startsWith('eld-tweets') ? 0.3 : 0.6)]
  })
}
