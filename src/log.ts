/** Values a log line may carry: counts, names, durations; never an address, a token or the text of a message. */
export type LogFields = Record<string, string | number | boolean | null | undefined>

/** Structured logger: events are `stage.pastVerb`, such as `release.written`. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

type Level = 'info' | 'warn' | 'error'

/** A log that writes one JSON object a line: `{"at":…,"level":…,"event":…,…fields}`. */
export function jsonLog(write: (line: string) => void, now: () => Date): Log {
  return logWith((level, event, fields) => write(`${JSON.stringify({ at: now().toISOString(), level, event, ...fields })}\n`))
}

/** A log for a terminal: `release.written rows=12 ms=340`. */
export function textLog(write: (line: string) => void): Log {
  return logWith((level, event, fields) => {
    const rest = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
    write(`${level === 'info' ? '' : `${level}: `}${[event, ...rest].join(' ')}\n`)
  })
}

/** A log that keeps nothing; for tests and for library use. */
export const silentLog: Log = logWith(() => {})

function logWith(emit: (level: Level, event: string, fields: LogFields) => void): Log {
  return {
    info: (event, fields = {}) => emit('info', event, fields),
    warn: (event, fields = {}) => emit('warn', event, fields),
    error: (event, fields = {}) => emit('error', event, fields),
  }
}
