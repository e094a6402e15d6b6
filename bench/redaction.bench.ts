// Compiled, as users run it: bench/main.ts builds it.
const module = new URL('../dist/curate/redaction/redaction.js', import.meta.url).href
const { createRedactionLabeller } = (await import(module)) as typeof import('../src/curate/redaction/redaction.ts')

const passages = [
  'Can you explain how photosynthesis works and why the leaves of some trees turn red in autumn?',
  'However, the results of the study show that the method is slower than expected. First, open the settings. Then click Save.',
  'Hi, my name is Margaret Whitfield and I work in Leeds. Please write an email to my colleague Tomasz Zieliński about the meeting.',
  'You can reach me on +44 20 7946 0958 or margaret.whitfield@example.org; my card 4111 1111 1111 1111 was charged twice in 2023.',
  'Kannst du mir erklären, wie die Photosynthese funktioniert und warum sich manche Blätter im Herbst rot färben?',
  "def area(radius):\n    '''Area of a circle.'''\n    return 3.14159 * radius ** 2\n\nprint(area(10))",
  'The capital of France is Paris; its largest museum, the Louvre, holds about 380,000 objects and saw 8.9 million visitors in 2023.',
  '1. Preheat the oven to 180 °C.\n2. Mix the flour with the sugar.\n3. Bake for 25 minutes.\n4. Let it cool down before serving.',
]

const personal = new Set([2, 3])

/** Messages of 100 to 3,000 characters; one in eight holds a name or another personal datum, as in chat logs. */
function messages(count: number): string[] {
  const plain = passages.filter((_, at) => !personal.has(at))
  return Array.from({ length: count }, (_, at) => {
    const parts = Array.from({ length: 1 + (at % 25) }, (__, k) => plain[(at * 7 + k * 5) % plain.length] ?? '')
    if (at % 8 === 0) parts[0] = passages[2 + ((at / 8) % 2)] ?? ''
    return parts.join('\n\n')
  })
}

const talk = (content: string) => ({ messages: [{ role: 'user' as const, content }] })

/** MB/s of user time on one core, and memory that is left behind. */
async function measureSpeed(): Promise<Record<string, number | string>> {
  const labeller = await createRedactionLabeller()
  const texts = messages(4000)
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6
  // The compiler needs some MB of text before it knows the hot places; a log is longer than that.
  for (let round = 0; round < 3; round++) for (const text of texts) labeller.label(talk(text))
  const from = process.cpuUsage()
  const heap = process.memoryUsage().rss
  let spans = 0
  for (const text of texts) spans += labeller.label(talk(text)).spans.length
  const seconds = process.cpuUsage(from).user / 1e6
  return {
    MB: Number(megabytes.toFixed(1)),
    'MB/s': Number((megabytes / seconds).toFixed(2)),
    'messages/s': Math.round(texts.length / seconds),
    spans,
    'rss grown, MB': Math.round((process.memoryUsage().rss - heap) / 1e6),
  }
}

/** Time of a text eight times as long (1.6 MB), over eight times the time: 1 is linear, 8 quadratic. */
async function measureGrowth(): Promise<Record<string, number | string>> {
  const labeller = await createRedactionLabeller()
  const figures: Record<string, number> = {}
  const units = {
    letters: 'a',
    digits: '1-',
    capitals: 'Mary ',
    'at-signs': 'a@',
    fences: '```\n',
    joiners: 'a\u200d',
    streets: '1 rue ',
    dots: 'a.',
    Han: '王',
  }
  for (const [name, unit] of Object.entries(units)) {
    const time = (size: number) => {
      const text = unit.repeat(Math.ceil(size / unit.length))
      // The least of several: a collection of garbage in a turn of a few milliseconds would be most of it.
      const turns = Array.from({ length: 7 }, () => {
        const from = process.cpuUsage()
        labeller.label(talk(text))
        return process.cpuUsage(from).user
      })
      return Math.max(100, Math.min(...turns))
    }
    const long = time(1_600_000)
    figures[name] = Number((long / (8 * time(200_000))).toFixed(2))
  }
  return figures
}

/** Redaction on one core. */
export const trials: { name: string; run(): Promise<Record<string, number | string>> }[] = [
  { name: 'redaction: chat messages of 100–3,000 characters', run: measureSpeed },
  { name: 'redaction: growth of time with length (1 is linear)', run: measureGrowth },
]
