import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { escapeXml, toPrintable } from './escape.ts'
import type { Bin, ReleaseStats } from './stats.ts'

/** A figure of the card. */
export interface Figure {
  /** Path in the release folder. */
  path: string
  /** For people who do not see it: what it shows, with its main figures. */
  alt: string
  caption: string
  svg: string
}

/** Bars of a long tail that are drawn; the rest is one bar. */
const shownBars = 25

// Colours for both modes are in the SVG itself, with its background: legible on any page. As classes, because not every renderer knows CSS variables.
const inks = {
  bar: ['#2f6fb2', '#6aa9e9'],
  soft: ['#5b6675', '#a3afbf'],
  grid: ['#dfe4ea', '#343d4a'],
  ink: ['#1c2430', '#e6ebf2'],
} as const

const style = `svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
.title{font-size:16px;font-weight:600}.subtitle{font-size:12px}
${rules(0, '#ffffff')}
@media(prefers-color-scheme:dark){${rules(1, '#12171e')}}`

function rules(mode: 0 | 1, paper: string): string {
  const ofInk = Object.entries(inks).map(
    ([name, colours]) => `.fill-${name}{fill:${colours[mode]}}.stroke-${name}{stroke:${colours[mode]}}`,
  )
  return `svg{color:${inks.ink[mode]}}.paper{fill:${paper}}${ofInk.join('')}`
}

interface Sheet {
  path: string
  title: string
  subtitle: string
  alt: string
  plot: Plot.PlotOptions
}

/** The figures of a release, drawn from its statistics alone; those without data are left out. */
export function drawFigures(stats: ReleaseStats): Figure[] {
  const sheets = [modelSheet(stats), languageSheet(stats), daySheet(stats), turnSheet(stats), tokenSheet(stats)]
  return sheets.flatMap((sheet) => (sheet ? [{ path: sheet.path, alt: sheet.alt, caption: sheet.title, svg: toSvg(sheet) }] : []))
}

function modelSheet({ perModel, conversations, models }: ReleaseStats): Sheet {
  const bars = longTail(
    perModel.map(({ model, conversations: count }) => ({ name: model, count })),
    'models',
  )
  const [first] = perModel
  return {
    path: 'figures/models.svg',
    title: 'Conversations per model',
    subtitle: `${plural(conversations, 'conversation')}, ${models === null ? 'models not recorded' : plural(models, 'model')}`,
    alt: `Bar chart of conversations per model. Most: ${toPrintable(first?.model ?? '')} with ${format(first?.conversations ?? 0)}.`,
    plot: horizontalBars(bars),
  }
}

function languageSheet({ perLanguage, languages }: ReleaseStats): Sheet | undefined {
  if (languages === 0) return undefined
  const bars = longTail(
    perLanguage.map(({ language, conversations }) => ({ name: language, count: conversations })),
    'languages',
  )
  const [first] = perLanguage
  return {
    path: 'figures/languages.svg',
    title: 'Conversations per language',
    // English leads by one or two orders of magnitude; on a linear scale nobody would see the others.
    subtitle: `${plural(languages, 'language')}; logarithmic scale`,
    alt: `Bar chart of conversations per language, logarithmic. Most: ${first?.language} with ${format(first?.conversations ?? 0)}.`,
    plot: horizontalBars(bars, 'log'),
  }
}

function daySheet({ perDay }: ReleaseStats): Sheet | undefined {
  const first = perDay[0]
  const last = perDay.at(-1)
  if (!first || !last) return undefined
  const days = everyDay(perDay)
  const most = perDay.reduce((a, b) => (b.conversations > a.conversations ? b : a))
  return {
    path: 'figures/days.svg',
    title: 'Conversations per day',
    subtitle: first.day === last.day ? `${first.day}, UTC` : `${first.day} to ${last.day}, UTC`,
    alt: `Conversations per day from ${first.day} to ${last.day}. Most: ${format(most.conversations)} on ${most.day}.`,
    plot: {
      height: 320,
      marginLeft: 64,
      x: {
        type: 'utc',
        label: null,
        ...(days.length < 8 ? { ticks: days.map(({ date }) => date), tickFormat: utcDay } : {}),
      },
      y: { label: null, ticks: 5, tickFormat: format },
      marks: [
        Plot.gridY({ stroke: inks.grid[0], strokeOpacity: 1, ticks: 5 }),
        Plot.rectY(days, { x1: 'date', x2: 'next', y: 'conversations', fill: inks.bar[0], insetLeft: days.length > 120 ? 0 : 0.5 }),
        Plot.ruleY([0], { stroke: inks.soft[0] }),
      ],
    },
  }
}

function turnSheet({ turns, averageTurnsPerSample }: ReleaseStats): Sheet {
  return {
    path: 'figures/turns.svg',
    title: 'Turns per conversation',
    subtitle: `average ${averageTurnsPerSample.toFixed(1)}; a prompt and its answer are one turn`,
    alt: `Histogram of turns per conversation, average ${averageTurnsPerSample.toFixed(1)}.`,
    plot: { ...histogram([{ facet: '', bins: turns }]), height: 320 },
  }
}

function tokenSheet({ promptTokens, responseTokens, averageTokensPerPrompt, averageTokensPerResponse }: ReleaseStats): Sheet | undefined {
  if (!promptTokens || !responseTokens) return undefined
  const [prompt, response] = [averageTokensPerPrompt ?? 0, averageTokensPerResponse ?? 0].map((average) => average.toFixed(1))
  const length = Math.max(promptTokens.length, responseTokens.length)
  return {
    path: 'figures/tokens.svg',
    title: 'Tokens per message',
    subtitle: `Llama-2 tokens; average ${prompt} a prompt, ${response} a response`,
    alt: `Histograms of Llama-2 tokens, average ${prompt} a prompt and ${response} a response.`,
    plot: {
      ...histogram([
        { facet: 'prompts', bins: padded(promptTokens, length) },
        { facet: 'responses', bins: padded(responseTokens, length) },
      ]),
      height: 420,
    },
  }
}

interface Bar {
  name: string
  count: number
}

function horizontalBars(bars: readonly Bar[], scale: 'linear' | 'log' = 'linear'): Plot.PlotOptions {
  const labels = new Map(bars.map(({ name }, index) => [String(index), clip(toPrintable(name), 30)]))
  const data = bars.map(({ count }, index) => ({ key: String(index), count, text: format(count) }))
  const most = Math.max(...bars.map(({ count }) => count))
  // Bars on a logarithmic scale need a start other than 0: half a conversation.
  const start = scale === 'log' ? 0.5 : 0
  return {
    height: 40 + bars.length * 21,
    marginLeft: 20 + Math.max(60, ...[...labels.values()].map((label) => label.length * 6.6)),
    marginRight: 70,
    marginTop: 4,
    marginBottom: 8,
    x: { type: scale, domain: [start, Math.max(most, 1)], axis: null },
    y: { domain: data.map(({ key }) => key), label: null, tickSize: 0, tickFormat: (key: string) => labels.get(key) ?? '' },
    marks: [
      Plot.barX(data, { y: 'key', x1: start, x2: 'count', fill: inks.bar[0], insetTop: 2, insetBottom: 2 }),
      Plot.text(data, { y: 'key', x: 'count', text: 'text', textAnchor: 'start', dx: 5, fill: inks.soft[0] }),
    ],
  }
}

function histogram(facets: readonly { facet: string; bins: readonly Bin[] }[]): Plot.PlotOptions {
  const data = facets.flatMap(({ facet, bins }) => {
    const total = bins.reduce((sum, { count }) => sum + count, 0)
    return bins.map((bin) => ({ facet, bin: nameBin(bin), share: total === 0 ? 0 : bin.count / total }))
  })
  const bins = facets[0]?.bins.map(nameBin) ?? []
  const isFaceted = facets.length > 1
  const isCrowded = bins.length * Math.max(...bins.map((bin) => bin.length)) > 85
  return {
    marginLeft: 64,
    ...(isCrowded ? { marginBottom: 56 } : {}),
    x: { domain: bins, label: null, tickSize: 0, padding: 0.12, ...(isCrowded ? { tickRotate: -40 } : {}) },
    y: { label: null, ticks: 4, tickFormat: (share: number) => `${Math.round(share * 1000) / 10} %` },
    ...(isFaceted ? { fy: { label: null, domain: facets.map(({ facet }) => facet), padding: 0.18 }, marginRight: 84 } : {}),
    marks: [
      Plot.gridY({ stroke: inks.grid[0], strokeOpacity: 1, ticks: 4 }),
      Plot.barY(data, { x: 'bin', y: 'share', fill: inks.bar[0], ...(isFaceted ? { fy: 'facet' } : {}) }),
      Plot.ruleY([0], { stroke: inks.soft[0] }),
    ],
  }
}

function toSvg({ title, subtitle, alt, plot }: Sheet): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const width = 760
  const head = 58
  const chart = Plot.plot({
    ...plot,
    width,
    document,
    className: 'chart',
    style: { background: 'none', overflow: 'visible', fontSize: '12px' },
  })
  const height = Number(chart.getAttribute('height')) + head + 10
  // The chart's own <style> sets what ours sets, for pages that are not ours.
  for (const own of chart.querySelectorAll('style')) own.remove()
  const names = new Map<string, string>(Object.entries(inks).map(([name, [light]]) => [light, name]))
  const markup: string = chart.innerHTML
  const inner = markup.replace(
    /\b(fill|stroke)="(#[0-9a-f]{6})"/g,
    (_: string, kind: string, colour: string) => `class="${kind}-${names.get(colour)}"`,
  )
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(alt)}" font-size="12" text-anchor="middle">`,
    `<title>${escapeXml(alt)}</title>`,
    `<style>${style.trim()}</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    `<text class="title fill-ink" x="20" y="28" text-anchor="start">${escapeXml(title)}</text>`,
    `<text class="subtitle fill-soft" x="20" y="46" text-anchor="start">${escapeXml(subtitle)}</text>`,
    `<g transform="translate(0,${head})" fill="currentColor">${inner}</g>`,
    '</svg>',
  ].join('\n')}\n`
}

function longTail(bars: readonly Bar[], unit: string): Bar[] {
  if (bars.length <= shownBars + 1) return [...bars]
  const rest = bars.slice(shownBars)
  return [...bars.slice(0, shownBars), { name: `${rest.length} other ${unit}`, count: rest.reduce((sum, { count }) => sum + count, 0) }]
}

const dayMs = 86_400_000

function everyDay(perDay: ReleaseStats['perDay']) {
  const counts = new Map(perDay.map(({ day, conversations }) => [day, conversations]))
  const [first, last] = [perDay[0], perDay.at(-1)].map((day) => Date.parse(day?.day ?? ''))
  // Beyond some years a single wrong clock would make an endless axis: days are drawn as they are.
  const length = Math.min(((last ?? 0) - (first ?? 0)) / dayMs + 1, 3660)
  return Array.from({ length }, (_, index) => {
    const date = new Date((first ?? 0) + index * dayMs)
    return { date, next: new Date(date.getTime() + dayMs), conversations: counts.get(utcDay(date)) ?? 0 }
  })
}

function utcDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function padded(bins: readonly Bin[], length: number): Bin[] {
  return Array.from({ length }, (_, index) => bins[index] ?? { from: 2 ** (index - 1), to: 2 ** index - 1, count: 0 })
}

function nameBin({ from, to }: Bin): string {
  if (from === to) return String(from)
  return to > 1e15 ? `${from}+` : `${short(from)}–${short(to)}`
}

function short(value: number): string {
  return value >= 10_000 ? `${Math.floor(value / 1000)}K` : String(value)
}

function clip(text: string, length: number): string {
  const characters = [...text]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}

function plural(count: number, noun: string): string {
  return `${format(count)} ${noun}${count === 1 ? '' : 's'}`
}

// Not toLocaleString: its output depends on the ICU data of the Node that runs.
function format(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
