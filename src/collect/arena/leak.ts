/**
 * Words by which a model names itself or its maker: FastChat's list and the makers that came after. The cleaning rule `identity-leak` has a list of its
 * own and looks again when a release is made.
 * @see FastChat serve/monitor/clean_battle_data.py (IDENTITY_WORDS)
 */
const identityWords: readonly string[] = [
  'vicuna',
  'lmsys',
  'koala',
  'uc berkeley',
  'open assistant',
  'laion',
  'chatglm',
  'chatgpt',
  'gpt-4',
  'gpt-5',
  'openai',
  'anthropic',
  'claude',
  'bard',
  'palm',
  'lamda',
  'google',
  'gemini',
  'gemma',
  'llama',
  'meta ai',
  'qianwan',
  'qwen',
  'alibaba',
  'mistral',
  'zhipu',
  'keg lab',
  '01.ai',
  'ai2',
  'tülu',
  'tulu',
  'deepseek',
  'hermes',
  'cohere',
  'dbrx',
  'databricks',
  'grok',
  'xai',
  'phi-3',
  'phi-4',
  'nemotron',
  'moonshot',
  'kimi',
]

/** Whether an answer may have told which model it is from: a maker's or model's usual name, or a name of these models. */
export function namesModel(answer: string, models: readonly string[]): boolean {
  const text = answer.toLowerCase()
  const names = models
    .flatMap((model) => [model.toLowerCase(), ...model.toLowerCase().split(/[^\p{L}\p{N}.]+/u)])
    .filter((name) => name.length > 3)
  return [...identityWords, ...names].some((word) => holdsWord(text, word))
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text, at - 1) && !isLetter(text, at + word.length)) return true
  }
  return false
}

const isLetter = (text: string, at: number): boolean => /\p{L}/u.test(text.charAt(at))
