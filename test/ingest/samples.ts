import type { FormName } from '../../src/ingest/entry.ts'
import { chatLine } from './logs.ts'

/** A question and its answer as OpenAI's messages. */
export const openAi = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
]

/** One small invented record of each form, told apart by content alone. */
export const samples: Record<FormName, object> = {
  events: { ...chatLine('e1', ['Hi', 'Hello']), schema: 1 },
  fastchat: chatLine('f1', ['Hi', 'Hello']),
  'arena-pairs': { question_id: 'q', model_a: 'm', model_b: 'n', winner: 'tie', conversation_a: openAi, conversation_b: openAi },
  'arena-hard': {
    uid: 'q',
    ans_id: 'a1',
    model: 'm',
    messages: [openAi[0], { role: 'assistant', content: { answer: 'Hello' } }],
    tstamp: 1_700_000_000.5,
  },
  wildchat: { conversation_hash: 'h1', model: 'm', timestamp: '2023-04-09T00:02:53+00:00', conversation: openAi, hashed_ip: 'ff00' },
  lmsys: { conversation_id: 'l1', model: 'm', conversation: openAi, turn: 1, language: 'English', redacted: false },
  openwebui: {
    id: 'w1',
    user_id: 'u',
    created_at: 1_700_000_000,
    updated_at: 1_700_000_009,
    chat: {
      models: ['m'],
      history: {
        currentId: '2',
        messages: {
          1: { id: '1', parentId: null, role: 'user', content: 'Hi' },
          2: { id: '2', parentId: '1', role: 'assistant', content: 'Hello', model: 'm' },
          3: { id: '3', parentId: '1', role: 'assistant', content: 'Another answer', model: 'n' },
        },
      },
    },
  },
  chatgpt: {
    id: 'g1',
    create_time: 1_700_000_000.25,
    update_time: 1_700_000_001,
    current_node: 'c',
    mapping: {
      r: { id: 'r', message: null, parent: null, children: ['s'] },
      s: {
        id: 's',
        parent: 'r',
        children: ['a'],
        message: {
          author: { role: 'system' },
          content: { content_type: 'text', parts: [''] },
          metadata: { is_visually_hidden_from_conversation: true },
        },
      },
      a: {
        id: 'a',
        parent: 's',
        children: ['b', 'c'],
        message: { author: { role: 'user' }, content: { content_type: 'text', parts: ['Hi'] } },
      },
      b: {
        id: 'b',
        parent: 'a',
        children: [],
        message: { author: { role: 'assistant' }, content: { content_type: 'text', parts: ['Left behind'] } },
      },
      c: {
        id: 'c',
        parent: 'a',
        children: [],
        message: {
          author: { role: 'assistant' },
          content: { content_type: 'text', parts: ['Hello'] },
          metadata: { model_slug: 'gpt-4' },
        },
      },
    },
  },
  langfuse: {
    id: 't1',
    timestamp: '2024-05-01T10:00:00.000Z',
    userId: 'person',
    input: JSON.stringify({ messages: [openAi[0]] }),
    output: { role: 'assistant', content: 'Hello' },
    observations: [{ type: 'GENERATION', model: 'gpt-4o', startTime: '2024-05-01T10:00:00.000Z' }],
  },
  sharegpt: {
    id: 's1',
    conversations: [
      { from: 'human', value: 'Hi' },
      { from: 'gpt', value: 'Hello' },
    ],
  },
  'mt-bench-101': { task: 'GR', id: 1, history: [{ user: 'Hi', bot: 'Hello' }] },
  'hh-rlhf': { chosen: '\n\nHuman: Hi\n\nAssistant: Hello', rejected: '\n\nHuman: Hi\n\nAssistant: Go away' },
  openai: { id: 'o1', model: 'm', messages: openAi },
}
