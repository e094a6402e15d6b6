import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { keyOf, openAnswers } from '../contamination/answers.ts'
import { type Endpoint, fetchAnswer, type Network } from '../contamination/endpoint.ts'
import { criteria, toVerdict, type Verdict } from './criteria.ts'

/** Where the package keeps the judge's prompt; a recipe may name a file of its own. */
export const judgePromptUrl = new URL('../../../assets/quality-judge.txt', import.meta.url)

/**
 * Opens a judge of prompts on a chat endpoint: the prompt holds `{prompt}`, the answer is a JSON list with the numbers (1–7) of the criteria that are met. Verdicts
 * are kept in `folder` by hash. Undefined where the answer holds no such list.
 */
export function openJudge(options: {
  endpoint: Endpoint
  prompt?: string
  folder: string
  world?: Network
}): (prompt: string) => Promise<Verdict | undefined> {
  const { endpoint, folder, world } = options
  const template = options.prompt ?? readFileSync(judgePromptUrl, 'utf8')
  const kept = openAnswers(folder, 'difficulty', (value) => z.array(z.number()).nullable().safeParse(value).data)
  return async (prompt) => {
    const key = keyOf(endpoint.url, endpoint.model, template, prompt)
    let met = kept.get(key)
    if (met === undefined) {
      met = readList(
        await fetchAnswer(
          endpoint,
          template.replace('{prompt}', () => prompt.slice(0, 8000)),
          world,
        ),
      )
      kept.keep(key, met)
    }
    const numbers = met
    return numbers === null ? undefined : toVerdict((criterion) => numbers.includes(criteria.indexOf(criterion) + 1))
  }
}

function readList(answer: string): number[] | null {
  const [list] = /\[[\d,\s]*\]/.exec(answer) ?? []
  return list === undefined ? null : (list.match(/\d/g) ?? []).map(Number)
}
