import type { Form } from '../entry.ts'
import { readEvent } from './events.ts'
import { readFastChat } from './fastchat-lines.ts'

/**
 * FastChat's conversation logs: chat lines, votes, flags, battles; also from its remote logger, which writes nested values as strings. Lines of our
 * own event log among them keep their consent and user.
 * @see https://github.com/lm-sys/FastChat/blob/main/fastchat/serve/gradio_web_server.py and monitor/clean_chat_data.py, clean_battle_data.py
 */
export const fastchat: Form = {
  name: 'fastchat',
  matches: (record) => typeof record.type === 'string' && 'tstamp' in record && !('schema' in record),
  read: (record) => ('schema' in record ? readEvent(record) : readFastChat(record)),
}
