import { before, type Finder, type Finding, matchWithin } from '../finding.ts'
import { type IdForm, idForms } from './ids.forms.ts'

/** A run that can be a number of a document: 7–22 letters, digits and separators with a digit in it. */
const run =
  /(?<![\w.,@#/=+-])(?:[A-Z]{2} )?[A-Za-z]{0,6}\d(?:[ ./+-]?\d|[ -]?[A-Z](?![a-z])|-?[a-z](?![a-z]{2})|\/\d{3,4}(?!\d|\/)){4,21}(?:\([0-9A]\))?(?![\w@/=]|[.,]\d)/g
/** Words that announce some number or other, which is a national one only where its form says so by itself. */
const weakCue = /\bids?\b|number is|nummer ist/
const idCue =
  /social security|\bssn\b|tax(?:payer)?\b|\bssa\b|national|identi|\bdni\b|\bnie\b|\bnif\b|\bcpf\b|\brut\b|\bcurp\b|\bnino\b|insurance|versicherung|steuer|ausweis|sécu|fiscal|codice|pesel|\bbsn\b|burgerservice|personnummer|personnr|fødselsnummer|cpr|hetu|henkil|aadhaar|aadhar|\bpan\b|\bsin\b|\btfn\b|medicare|\bnhs\b|身份|证件|주민|マイナンバー|инн|снилс|आधार|kimlik|ת\.?ז|cnpj|\bahv\b|\bavs\b|rodn[ée]|егн|\boib\b|jmbg|em[šs]o|\bcnp\b|isikukood|asmens|personas kod|\bpps|αφμ|\bafm\b|αμκα|amka|c[eé]dula|\bein\b|nric|mykad|cnic|\bnik\b|\bktp\b|рнокпп/

/**
 * National identity, tax and insurance numbers by published forms and checksums. A form that random digits pass often needs a cue in the 48 units
 * before it.
 */
export const findIds: Finder = (page) => {
  const { text } = page
  const found: Finding[] = []
  for (const { index, match } of matchWithin(text, page.survey.numberWindows, run)) {
    const cue = before(text, index, 48)
    const isCued = idCue.test(cue) || weakCue.test(cue)
    const best = recognise(match, cue, isCued)
    if (!best) continue
    const [form, confidence] = best
    const doubt = page.isCode(index) && !isCued ? 0.5 : 1
    found.push({
      start: index,
      end: index + match.length,
      kind: 'ID',
      confidence: confidence * doubt,
      rule: `id-${form.name}`,
    })
  }
  return found
}

function recognise(candidate: string, cue: string, isCued: boolean): [IdForm, number] | undefined {
  const fitting = idForms.filter((form) => form.pattern.test(candidate))
  if (fitting.length === 0) return undefined
  let best: [IdForm, number] | undefined
  const isNamed = isCued && idForms.some((form) => form.cue?.test(cue))
  const isWeak = !idCue.test(cue)
  for (const form of fitting) {
    // Where the cue names one country's number, another country's checksum is chance.
    const general = isCued && !isNamed && (!isWeak || form.bare > 0) ? 0.8 : form.bare
    const confidence = form.cue?.test(cue) ? 0.97 : general
    if (best && best[1] >= confidence) continue
    // A checksum may throw on digits that are out of its range: then it is no such number.
    if (confidence < 0.05 || !passes(form, candidate)) continue
    best = [form, confidence]
  }
  return best
}

function passes(form: IdForm, candidate: string): boolean {
  try {
    return form.check(candidate)
  } catch {
    return false
  }
}
