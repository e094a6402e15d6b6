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

/**
 * Whether an answer may have told which model it is from: a maker's or model's usual name, the whole name of one of these models, or a part of it where
 * the answer speaks of itself. Parts alone are often plain words: "large", "command", "guide".
 */
export function namesModel(answer: string, models: readonly string[]): boolean {
  const text = answer.toLowerCase()
  if (identityWords.some((word) => holdsWord(text, word))) return true
  const spaced = toWords(text).replaceAll('large language model', 'model')
  return models.map(toWords).some((name) => holdsWord(spaced, name) || introductions(spaced).some((said) => holdsPart(said, name)))
}

/** Words parted by single spaces: "command-r" and "Command R" are one. */
const toWords = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    .trim()

/** The few words after each place where a text says what it is or is called. */
function introductions(spaced: string): string[] {
  return [...spaced.matchAll(/\b(?:i am|i m|my name is|called|named) ((?:\S+ ?){1,5})/g)].map(([, said = '']) => said)
}

const holdsPart = (said: string, name: string): boolean => name.split(' ').some((part) => part.length > 3 && holdsWord(said, part))

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text, at - 1) && !isLetter(text, at + word.length)) return true
  }
  return false
}

const isLetter = (text: string, at: number): boolean => /\p{L}/u.test(text.charAt(at))
