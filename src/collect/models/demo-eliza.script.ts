/** A keyword: words that call it, its rank, the pattern that takes the sentence apart, and answers, used in turn. */
interface Keyword {
  word: string
  rank: number
  pattern: string
  answers: readonly string[]
  isRemembered?: boolean
}

const keys: readonly Keyword[] = [
  {
    word: 'computer|computers|machine|machines|robot|ai|program',
    rank: 50,
    pattern: '(.*)',
    answers: [
      'Do computers worry you?',
      'Why do you mention computers?',
      'What do you think machines have to do with your problem?',
      'What about machines interests you?',
    ],
  },
  { word: 'name', rank: 15, pattern: '(.*)', answers: ['I am not interested in names.', 'Names do not matter here. Please go on.'] },
  {
    word: 'remember',
    rank: 5,
    pattern: '(?:i|you) remember (.*)',
    answers: ['Do you often think of %1?', 'Does thinking of %1 bring anything else to mind?', 'Why do you recall %1 just now?'],
  },
  {
    word: 'if',
    rank: 3,
    pattern: '\\bif (.*)',
    answers: ['Do you think it is likely that %1?', 'Do you wish that %1?', 'What would it mean if %1?'],
  },
  {
    word: 'dream|dreams|dreamed|dreamt',
    rank: 4,
    pattern: '(.*)',
    answers: ['What does that dream suggest to you?', 'Do you dream often?', 'Who appears in your dreams?'],
  },
  {
    word: 'mother|father|sister|brother|son|daughter|wife|husband|family|mom|dad|children|child',
    rank: 8,
    pattern: '\\bmy (.*)',
    answers: ['Tell me more about your family.', 'Who else in your family %1?', 'What else comes to mind when you think of your family?'],
    isRemembered: true,
  },
  {
    word: 'always|never|everyone|everybody|nobody',
    rank: 2,
    pattern: '\\b(always|never|everyone|everybody|nobody)\\b',
    answers: ['Can you think of one example?', 'When?', 'Whom are you thinking of?', 'Really, %1?'],
  },
  {
    word: 'alike|same|similar|like',
    rank: 10,
    pattern: '\\b(?:alike|same|similar|like)\\b',
    answers: ['In what way?', 'What resemblance do you see?', 'What other connections do you see?'],
  },
  {
    word: 'sorry',
    rank: 1,
    pattern: '(.*)',
    answers: ['Please do not apologise.', 'Apologies are not needed.', 'What feelings do you have when you apologise?'],
  },
  {
    word: 'hello|hi|hey',
    rank: 0,
    pattern: '(.*)',
    answers: ['How do you do. Please state your problem.', 'Hello again. What would you like to talk about?'],
  },
  {
    word: 'need|want',
    rank: 6,
    pattern: '\\bi (?:need|want) (.*)',
    answers: ['What would it mean to you if you got %1?', 'Why do you want %1?', 'Suppose you got %1 soon?'],
    isRemembered: true,
  },
  {
    word: 'sad|unhappy|depressed|afraid|tired|angry|lonely|sick|worried|anxious',
    rank: 7,
    pattern: '\\bi am (?:\\w+ )?(sad|unhappy|depressed|afraid|tired|angry|lonely|sick|worried|anxious)',
    answers: [
      'I am sorry to hear that you are %1.',
      'Do you think that talking will help you not to be %1?',
      'Can you explain what made you %1?',
    ],
    isRemembered: true,
  },
  {
    word: 'happy|glad|better',
    rank: 7,
    pattern: '\\bi am (?:\\w+ )?(happy|glad|better)',
    answers: ['How have I helped you to be %1?', 'What makes you %1 just now?'],
  },
  {
    word: 'feel',
    rank: 5,
    pattern: '\\bi feel (.*)',
    answers: ['Tell me more about such feelings.', 'Do you often feel %1?', 'Of what does feeling %1 remind you?'],
  },
  {
    word: "can't|cannot",
    rank: 4,
    pattern: "\\bi (?:can't|cannot) (.*)",
    answers: ['How do you know that you can’t %1?', 'Have you tried?', 'Perhaps you could %1 now.'],
  },
  {
    word: 'i',
    rank: 1,
    pattern: '\\bi am (.*)',
    answers: ['How long have you been %1?', 'Do you believe it is normal to be %1?', 'Do you enjoy being %1?'],
  },
  {
    word: 'i',
    rank: 0,
    pattern: '\\bi (.*)',
    answers: ['You say you %1?', 'Can you say more about that?', 'Why do you tell me that you %1?'],
  },
  {
    word: 'you',
    rank: 1,
    pattern: '\\byou are (.*)',
    answers: ['What makes you think I am %1?', 'Does it please you to believe I am %1?', 'Perhaps you would like to be %1.'],
  },
  {
    word: 'you',
    rank: 0,
    pattern: '\\byou (.*)',
    answers: ['We were discussing you, not me.', 'Oh, I %1?', 'You are not really talking about me, are you?'],
  },
  {
    word: 'my',
    rank: 2,
    pattern: '\\bmy (.*)',
    answers: ['Your %1?', 'Why do you say your %1?', 'Is it important to you that your %1?'],
    isRemembered: true,
  },
  { word: 'yes|yeah|sure', rank: 0, pattern: '(.*)', answers: ['You seem quite positive.', 'You are sure.', 'I see.', 'I understand.'] },
  {
    word: 'no|nope',
    rank: 0,
    pattern: '(.*)',
    answers: ['Are you saying no just to be negative?', 'You are being a bit negative.', 'Why not?'],
  },
  {
    word: 'because',
    rank: 0,
    pattern: '(.*)',
    answers: ['Is that the real reason?', 'Do any other reasons come to mind?', 'What other reasons might there be?'],
  },
  {
    word: 'what|how|who|when|where|why',
    rank: 0,
    pattern: '(.*)',
    answers: ['Why do you ask?', 'Does that question interest you?', 'What answer would please you most?', 'What do you think?'],
  },
]

/** The script: ours, in Weizenbaum's form. */
export const elizaScript = {
  greeting: 'How do you do. Please tell me your problem.',
  keys,
  memories: ['Earlier you spoke of %1.', 'Let us go back to %1.', 'Does that have anything to do with %1?'],
  none: [
    'Please go on.',
    'I am not sure I understand you fully.',
    'What does that suggest to you?',
    'Do you feel strongly about such things?',
    'Tell me more.',
  ],
  /** Put in place before keywords are looked for. */
  before: new Map([
    ["i'm", 'i am'],
    ["you're", 'you are'],
    ["i've", 'i have'],
    ["i'd", 'i would'],
    ["don't", 'do not'],
    ["it's", 'it is'],
    ['recollect', 'remember'],
    ['mum', 'mother'],
    ['maybe', 'perhaps'],
  ]),
  /** Put in place in what is given back. */
  after: new Map([
    ['i', 'you'],
    ['me', 'you'],
    ['my', 'your'],
    ['mine', 'yours'],
    ['myself', 'yourself'],
    ['am', 'are'],
    ['you', 'I'],
    ['your', 'my'],
    ['yours', 'mine'],
    ['yourself', 'myself'],
  ]),
}
