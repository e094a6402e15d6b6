import type { LogLine } from './lines.ts'
import type { Random } from './random.ts'

/** Kinds of lines that no reader can take as a conversation. */
export const faultyKinds = [
  'truncated',
  'invalid-utf8',
  'missing-conversation-id',
  'null-conversation-id',
  'model-not-text',
  'content-not-text',
  'messages-not-a-list',
  'state-missing',
  'not-json',
  'blank',
] as const

/**
 * A damaged copy of a line, as crashes and old clients leave them: bytes without the line end. What can still be read carries a conversation id
 * of its own, so that no true conversation loses anything.
 */
export function damage(line: LogLine, random: Random): { kind: (typeof faultyKinds)[number]; bytes: Buffer } {
  const kind = random.pick(faultyKinds)
  const state = { ...recordOf(line.record.state), conv_id: `damaged${Math.floor(random.next() * 1e15).toString(16)}` }
  const text = (change: object) => Buffer.from(JSON.stringify({ ...line.record, state, ...change }))
  switch (kind) {
    case 'truncated': {
      const whole = text({})
      return { kind, bytes: whole.subarray(0, Math.floor(whole.length * (0.2 + 0.7 * random.next()))) }
    }
    case 'invalid-utf8': {
      const whole = text({})
      const at = whole.indexOf('"conv_id":"') + '"conv_id":"'.length
      return { kind, bytes: Buffer.concat([whole.subarray(0, at), Buffer.from([0xff, 0xfe, 0xc0]), whole.subarray(at)]) }
    }
    case 'missing-conversation-id':
      return { kind, bytes: text({ state: { ...state, conv_id: undefined } }) }
    case 'null-conversation-id':
      return { kind, bytes: text({ state: { ...state, conv_id: null } }) }
    case 'model-not-text':
      return { kind, bytes: text({ model: null, state: { ...state, model_name: 7 } }) }
    case 'content-not-text':
      return {
        kind,
        bytes: text({
          state: {
            ...state,
            offset: 0,
            messages: [
              ['USER', 12],
              ['ASSISTANT', null],
            ],
          },
        }),
      }
    case 'messages-not-a-list':
      return { kind, bytes: text({ state: { ...state, messages: 'hello' } }) }
    case 'state-missing':
      return { kind, bytes: text({ state: undefined }) }
    case 'not-json':
      return { kind, bytes: Buffer.from('Traceback (most recent call last):') }
    case 'blank':
      return { kind, bytes: Buffer.alloc(0) }
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
