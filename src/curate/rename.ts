/** Seconds since 1970 after which `gpt-4` and `gpt-3.5-turbo` meant the 0613 versions: 2023-06-27 07:00 UTC. */
const june13SwitchSeconds = 1_687_849_200

const newNames: Readonly<Record<string, string>> = {
  bard: 'palm-2',
  'claude-v1': 'claude-1',
  'claude-instant-v1': 'claude-instant-1',
  'oasst-sft-1-pythia-12b': 'oasst-pythia-12b',
  'claude-2': 'claude-2.0',
  'StripedHyena-Nous-7B': 'stripedhyena-nous-7b',
  'gpt-4-turbo': 'gpt-4-1106-preview',
  'gpt-4-0125-assistants-api': 'gpt-4-turbo-browsing',
}

/**
 * The name under which LMSYS published a model, from its name in the log and the time of the line (milliseconds since 1970, or NaN).
 * A line without a time counts as early, as a comparison with a missing time is false.
 * @see FastChat serve/monitor/clean_battle_data.py (replace_model_name)
 */
export function renameModel(model: string, atMs: number): string {
  if (model === 'gpt-4' || model === 'gpt-3.5-turbo') return `${model}-${atMs / 1000 > june13SwitchSeconds ? '0613' : '0314'}`
  return Object.hasOwn(newNames, model) ? (newNames[model] ?? model) : model
}
