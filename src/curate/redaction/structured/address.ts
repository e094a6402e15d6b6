import { before, type Finder, type Finding, matchWithin, type Page } from '../finding.ts'
import { type AddressForm, addressForms, addressPart, townPart } from './address.forms.ts'
import { createLayoutReader } from './address.layout.ts'

const cue =
  /address|\blives? (?:at|on)|living at|\bship(?:ped)? to|deliver(?:ed)? to|send (?:it )?to|located at|residing|reside at|moved to|mail to|wohn|adresse|anschrift|direcci[oó]n|vivo en|domicilio|habite|demeure|indirizzo|abito|endere[cç]o|moro|adres|mieszkam|адрес|живу|地址|住在|住所|주소|पता|عنوان|כתובת/
/** What has a name and a number and is no street. */
const numbered =
  /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|ja[nv]|fév|avr|mai|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|out|dez|okt|mär|chapter|chapitre|kapitel|capítulo|page|seite|section|figure|fig\.|table|tab\.|version|season|episode|level|step|article|art\.|appendix|line|day|week|year|part|phase|question|problem|exercise|example|theorem|lemma|windows|ios|iphone|ipad|android|python|java|ubuntu|gpt|apollo|boeing|airbus|model|formula|room|gate|flight|route|highway|interstate|psalm|genesis|matthew|mark|luke|john|acts|romans|covid|grade|class|group|team|top|over|about|than|in|on|at|by|the|no|nr|vol|issue|item|number|option|plan|unit|test|case|rule|law|act|bill|size|age|aged|only|just|all|we|you|they|it|i|he|she|usd|eur)\b/i
/** Words that say that an address follows and nothing else. */
const strongCue =
  /(?:address(?: is| was|:)|\blives? (?:at|on)|living at|resid(?:e|es|ing|ed) at|deliver(?:ed)? (?:it )?to|ship(?:ped)? (?:it )?to|letter arrived at|taxi to|wohn\p{L}* (?:in der|im|am|in)|adresse(?: ist| est)?:?|direcci[oó]n(?: es)?:?|domicilio:?|indirizzo(?: è)?:?|endere[cç]o(?: é)?:?|adres(?: to)?:?|адрес:?|живу (?:на|по адресу))\s*$/u
const doubtful = /^(?:place|via|route|cours|square|largo|plaza|strada|ronda|al\.|r\.|pl\.|os\.|c\/|ch\.|av\.)(?![\p{L}])/iu
const talkative =
  /\b(?:and|or|to|of|with|for|from|by|is|are|was|in|at|on|the|a|than|y|und|et|bis|von|de [A-Z]?\d)\b [\p{L}\d]|\p{Ll}{3}\. /u
const talk = /\b(?:via|en route|in place|of course|place)\b/i

/** Street and postal addresses: a core by one of the world's common orders, then unit, postal code and town as far as they follow. */
export const findAddresses: Finder = (page) => {
  const { text } = page
  const { digitWindows } = page.survey
  const found: Finding[] = []
  const bitsOf = createLayoutReader(page)
  for (let window = 0; window < digitWindows.length; window += 2) {
    const [from, to] = [digitWindows[window] ?? 0, digitWindows[window + 1] ?? 0]
    const bits = bitsOf(from, to)
    for (const form of addressForms) {
      if (!(form.cue & bits)) continue
      for (const { index, match } of matchWithin(text, [from, to], form.pattern, form.trigger)) {
        const finding = judge(page, form, index, match)
        if (finding) found.push(finding)
      }
    }
  }
  return joinAdjacent(text, found)
}

function judge(page: Page, { name, confidence }: AddressForm, start: number, match: string): Finding | undefined {
  const { text } = page
  if (name === 'address-bare' && talkative.test(match)) return undefined
  if ((name === 'address-postal' || name === 'address-name-number') && numbered.test(match)) return undefined
  const core = start + match.trimEnd().length
  const [end, parts] = extend(text, core)
  const ahead = before(text, start, 56)
  const isCued = name === 'address-name-number' ? strongCue.test(ahead) : cue.test(ahead)
  let sure = confidence
  if (name === 'address-street-first') sure = judgeStreet(match, confidence)
  if (name === 'address-number-first' && /^\d{1,5} (?:Way|Place|Point|Run|Hill|Green|Common|Square|Row|Dr|Path|Court|Drive)/.test(match))
    sure = 0.3
  if (name === 'address-unit' && /^unit/i.test(match)) sure = 0.4
  if (parts > 0) sure = Math.min(0.97, sure + 0.15 + (/suite|apt|p\.?o\.? ?box/i.test(text.slice(core, end)) ? 0.25 : 0))
  if (isCued) sure = Math.min(0.98, sure + 0.25)
  if (page.isCode(start)) sure *= 0.6
  return { start, end: sure >= 0.5 ? addTowns(text, end) : core, kind: 'ADDRESS', confidence: sure, rule: name }
}

/** A street word without a number is a place that everybody knows ('rue de Rivoli'), not somebody's home. */
function judgeStreet(core: string, confidence: number): number {
  if (!/\d/.test(core) || /\p{Ll}{4}\. /u.test(core)) return 0.2
  if (!/\p{Lu}/u.test(core.replace(/^\P{L}+/u, '').replace(/^\p{L}+\P{L}+/u, ''))) return 0.3
  return doubtful.test(core) || talk.test(core) ? confidence - 0.2 : confidence
}

function extend(text: string, core: number): [end: number, parts: number] {
  let end = core
  let parts = 0
  for (; parts < 5; parts++) {
    addressPart.lastIndex = end
    const match = addressPart.exec(text)
    if (!match) break
    end += match[0].length
  }
  return [end, parts]
}

function addTowns(text: string, from: number): number {
  let end = from
  for (let towns = 0; towns < 3; towns++) {
    townPart.lastIndex = end
    const match = townPart.exec(text)
    if (!match) break
    end += match[0].length
    const [further] = extend(text, end)
    end = further
  }
  return end
}

/** A street and its unit, found by two rules side by side, are one address. */
function joinAdjacent(text: string, found: readonly Finding[]): Finding[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || b.confidence - a.confidence)
  const joined: Finding[] = []
  for (const finding of sorted) {
    const last = joined.at(-1)
    const isNear = last && finding.start <= last.end + 4 && /^[\s,?>-]*$/.test(text.slice(last.end, finding.start))
    if (!last || !isNear || Math.max(last.confidence, finding.confidence) < 0.5) joined.push(finding)
    else if (finding.start < last.end) {
      if (finding.confidence > last.confidence && finding.end >= last.end)
        joined[joined.length - 1] = { ...finding, start: last.confidence >= 0.3 ? last.start : finding.start }
      else if (finding.end > last.end && finding.confidence >= 0.5) joined[joined.length - 1] = { ...last, end: finding.end }
    } else joined[joined.length - 1] = { ...last, end: finding.end, confidence: Math.max(last.confidence, finding.confidence) }
  }
  return joined
}
