import { createWeightedPick, type Random } from './random.ts'

/** A model of the collection site: the name in the logs, its share of conversations, its first day, and its template. */
export interface Model {
  name: string
  weight: number
  since: string
  template: string
}

/**
 * The 25 models of LMSYS-Chat-1M by the names that the logs of the time carried. Counts of vicuna-13b (490,712), gpt-4 (7,304) and claude-2 (2,241)
 * are the published ones; the others follow the figure's order (koala-13b, alpaca-13b, chatglm-6b, llama-13b, then a long tail).
 */
export const models: readonly Model[] = [
  model('vicuna-13b', 490_712, '2023-04-01', 'vicuna_v1.1'),
  model('koala-13b', 80_000, '2023-04-03', 'koala_v1'),
  model('alpaca-13b', 66_000, '2023-04-01', 'one_shot'),
  model('chatglm-6b', 50_000, '2023-04-11', 'chatglm'),
  model('llama-13b', 45_000, '2023-04-01', 'one_shot'),
  model('vicuna-33b', 42_000, '2023-06-21', 'vicuna_v1.1'),
  model('oasst-sft-1-pythia-12b', 37_000, '2023-04-15', 'oasst_pythia'),
  model('fastchat-t5-3b', 30_000, '2023-04-27', 'one_shot'),
  model('RWKV-4-Raven-14B', 22_000, '2023-04-30', 'rwkv'),
  model('claude-v1', 21_000, '2023-05-03', 'claude'),
  model('claude-instant-v1', 20_000, '2023-05-20', 'claude'),
  model('dolly-v2-12b', 19_000, '2023-04-14', 'dolly_v2'),
  model('stablelm-tuned-alpha-7b', 16_000, '2023-04-21', 'stablelm'),
  model('llama-2-13b-chat', 13_000, '2023-07-19', 'llama-2'),
  model('mpt-7b-chat', 12_000, '2023-05-12', 'mpt-7b-chat'),
  model('gpt-3.5-turbo', 11_500, '2023-04-24', 'chatgpt'),
  model('guanaco-33b', 10_500, '2023-05-30', 'guanaco'),
  model('bard', 10_000, '2023-05-12', 'bard'),
  model('gpt-4', 7_304, '2023-05-03', 'chatgpt'),
  model('wizardlm-13b', 7_000, '2023-06-10', 'vicuna_v1.1'),
  model('mpt-30b-chat', 5_500, '2023-06-23', 'mpt-30b-chat'),
  model('vicuna-7b', 5_000, '2023-05-10', 'vicuna_v1.1'),
  model('gpt4all-13b-snoozy', 4_500, '2023-05-16', 'one_shot'),
  model('llama-2-7b-chat', 2_600, '2023-07-19', 'llama-2'),
  model('claude-2', 2_241, '2023-07-12', 'claude'),
]

/** First day of the collection. */
export const FIRST_DAY = '2023-04-01'
/** Last day of the collection. */
export const LAST_DAY = '2023-08-31'

const first = Date.parse(FIRST_DAY)
const last = Date.parse(LAST_DAY) + 86_400_000

/** A model's share while it is there, so that its share over the whole time is the published one. */
const pickAny = createWeightedPick(models, ({ weight, since }) => weight * ((last - first) / (last - Date.parse(since))))

/** A model that is there on the day (`YYYY-MM-DD`). */
export function pickModel(random: Random, day: string): Model {
  for (;;) {
    const found = pickAny(random)
    if (found.since <= day) return found
  }
}

function model(name: string, weight: number, since: string, template: string): Model {
  return { name, weight, since, template }
}
