import { type Finder, type Finding, matchWithin, type Page } from '../finding.ts'

const decimal =
  /(?<![\w.,/=-])([-+−]?\d{1,2}\.\d{4,10})°?\s?([NSns])?\s{0,2}[,;/ ]\s{0,2}([-+−]?1?\d{1,2}\.\d{4,10})°?\s?([EWewOo])?(?![\w.]|,\s*-?\d)/g
const sexagesimal =
  /(?<!\d)\d{1,2}°\s?\d{1,2}['′’]\s?(?:\d{1,2}(?:\.\d+)?(?:["″”]|''))?\s?[NS][,;]?\s{1,2}\d{1,3}°\s?\d{1,2}['′’]\s?(?:\d{1,2}(?:\.\d+)?(?:["″”]|''))?\s?[EWO]/g

/** Coordinates precise enough for a house: 4 and more decimals (11 m), or degrees with minutes. A longer list of numbers is data, not a place. */
export const findCoordinates: Finder = (page) => {
  const { text } = page
  const found: Finding[] = []
  const add = (start: number, match: string, confidence: number) =>
    found.push({ start, end: start + match.length, kind: 'COORDINATES', confidence, rule: 'coordinates' })
  if (text.includes('.')) {
    for (const { index, match, parts } of matchWithin(text, page.survey.numberWindows, decimal)) {
      const [latitude, longitude] = [parts[1], parts[3]].map((part) => Math.abs(Number(part?.replace('−', '-').replace(/^[-+]/, ''))))
      if (latitude === undefined || longitude === undefined || latitude > 90 || longitude > 180) continue
      add(index, match, confidenceOf(page, index, parts))
    }
  }
  if (text.includes('°')) for (const match of text.matchAll(sexagesimal)) add(match.index, match[0], 0.8)
  return found
}

function confidenceOf({ text, isCode }: Page, index: number, match: RegExpExecArray): number {
  const around = text.slice(Math.max(0, index - 60), index + match[0].length + 20).toLowerCase()
  if (match[2] && match[4]) return 0.9
  if (/coord|latit|longit|gps|\blat\b|\blng\b|\blon\b|locat|live|home|address|map|координ|坐标|経度/.test(around)) return 0.85
  if (isCode(index) || /[\d\]\])}],?\s*$/.test(text.slice(Math.max(0, index - 3), index))) return 0.2
  return /[[({]\s*$/.test(text.slice(Math.max(0, index - 2), index)) ? 0.4 : 0.55
}
