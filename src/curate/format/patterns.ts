// Texts that FastChat's own parts wrote into conversations, and words that give a model away. All are compared in lower case.

/** @see FastChat fastchat/constants.py and serve/monitor/clean_chat_data.py (NETWORK_ERROR_MSG) */
export const networkError = 'network error due to high traffic. please regenerate or refresh this page.'

/** Other error texts that a server wrote in place of an answer. @see FastChat serve/monitor/clean_battle_data.py (ERROR_WORDS), fastchat/constants.py */
export const errorTexts: readonly string[] = [
  'api request error. please increase the number of max tokens.',
  '**api request error**',
  'the response was blocked.',
  '(error_code: 50',
  '(error_code: 4',
]

/** The stub that replaced an input which the live moderation refused. */
export const moderationStub = '$moderation$'

/** What the streaming page appends while an answer is unfinished. */
export const cursors: readonly string[] = ['▌', '<span class="cursor">']
