import type { Commonness } from '../contamination/commonness.ts'
import { readTerms } from '../contamination/words.ts'
import { toVerdict, type Verdict } from './criteria.ts'

/**
 * Judges a prompt by the seven criteria offline: marks of each, counted. Marks are form (length, numbers, lists, code, formulas, quotes), rare words, and English
 * words of asking; in other languages only form tells, and scores are lower. Only the first 8,000 characters are read.
 */
export function createScorer({ weigh }: Commonness): (prompt: string) => Verdict {
  return (whole) => {
    const prompt = whole.slice(0, 8000)
    const { words, numbers, length } = readTerms(prompt)
    const lower = prompt.toLowerCase()
    const rare = [...words].filter((word) => weigh(word) >= 6.5 && word.length > 5).length
    const sentences = prompt.split(/[.!?。！？\n]+/).filter((part) => part.trim().length > 8).length
    const count = (pattern: RegExp) => lower.match(pattern)?.length ?? 0
    const hasCode =
      /```|[;{}]\s*(?:\n|$)|\bdef \w+\(|<\/?[a-z]+[^>]*>|\w+\(.*\)|=>|==|\bselect\b.+\bfrom\b|[$\\]\w+\{|[a-z]+\.[a-z]{2,4}\b/i.test(prompt)
    const hasFormula = /[=≤≥∑∫√^±×÷→]|\b\d+\s*[-+*/]\s*\d+|\\frac|\\sum|\b[a-z]\s*=\s*/i.test(prompt)
    const technical = count(technicalWords)
    return toVerdict(
      (criterion) =>
        ({
          specificity:
            score(count(constraintWords), numbers.size > 1, length > 25, length > 60, /["“`'].{4,}["”`']/.test(prompt), hasCode) >= 2,
          domain_knowledge: score(technical, rare > 1, rare > 4, hasCode, hasFormula) >= 2,
          complexity:
            score(
              length > 40,
              length > 90,
              sentences > 2,
              sentences > 5,
              count(joiningWords) > 1,
              /^\s*(?:[-*•]|\d+[.)])\s/m.test(prompt),
            ) >= 2,
          problem_solving:
            score(
              2 * count(solvingWords),
              hasCode,
              hasFormula,
              count(/\bhow (?:do|can|to|would|should)\b|\bwhy\b/g),
              numbers.size > 1 &&
                /\bhow (?:many|much|long|far|old|fast|often)\b|\bwhat is the (?:total|probability|value|sum|difference|average)\b/.test(
                  lower,
                )
                ? 2
                : 0,
            ) >= 2,
          creativity: score(2 * count(creativeWords)) >= 2,
          technical_accuracy:
            score(2 * Math.min(1, technical), hasCode, hasFormula, count(/\b(?:accurate|correct|exact|precise|proof|error|version)\w*/g)) >=
            2,
          real_world: score(count(practicalWords), technical, hasCode, length > 30, rare > 2) >= 2,
        })[criterion],
    )
  }
}

function score(...marks: readonly (number | boolean)[]): number {
  return marks.reduce((sum: number, mark) => sum + Math.min(2, Number(mark)), 0)
}

const constraintWords =
  /\b(?:must|should|only|exactly|at least|at most|no more than|without|format|json|csv|table|markdown|bullet|list|step by step|steps|following|each|include|use|using|avoid|style|in the form|as a|words|sentences|paragraphs?|examples?)\b/g
const joiningWords = /\b(?:and|then|also|but|if|while|after|before|because|so that|such that|given|compare|both|between|versus|vs)\b/g
const solvingWords =
  /\b(?:solve|fix|debug|prove|calculate|compute|derive|optimi[sz]e|design|implement|write (?:a|an|the|me|some)?\s*(?:\w+\s){0,3}(?:code|script|program|function|query|class|app)|find|detect|determine|convert|refactor|improve|analy[sz]e|troubleshoot|estimate|create|build|develop|plan|error|problem|issue|bug|algorithm|strategy|explain (?:how|why))\b/g
const creativeWords =
  /\b(?:story|poem|song|lyrics|script|idea|ideas|imagine|invent|slogan|creative|brainstorm|fiction|character|scene|dialogue|essay|blog|article|campaign|name for|names for|roleplay|joke|novel|plot|design|pitch|proposal|compose|letter|speech|draft|rewrite|generate|suggest|act as|pretend|what if|could|new)\b/g
const technicalWords =
  /\b(?:python|javascript|typescript|java|c\+\+|c#|rust|golang|sql|html|css|react|node|docker|kubernetes|linux|windows|bash|powershell|excel|api|database|server|algorithm|code|function|class|compiler|regex|json|xml|http|tcp|cpu|gpu|memory|pixels?|neural|model|training|dataset|tensor\w*|pytorch|matrix|vector|theorem|equation|integral|derivative|probability|statistic\w*|regression|physics|quantum|voltage|circuit|chemical|molecul\w+|protein|gene\w*|cell|enzyme|diagnos\w+|symptoms?|dose|patient|clinical|legal|contract|tax|accounting|finance|interest rate|investment|portfolio|economic\w*|engineering|software|hardware|network|security|encryption|cloud|azure|aws|latex|git|unity|arduino|terraform|matlab|simulation|architecture|protocol|framework|library|plugin|driver)\b/g
const practicalWords =
  /\b(?:my|our|i need|i want|i have|i'm|i am|we|customer|client|company|business|project|team|website|app|application|email|resume|cv|report|meeting|product|market\w*|user|users|budget|plan|schedule|travel|recipe|health|school|students?|work|job|interview|code|data|file|server|tool)\b/g
