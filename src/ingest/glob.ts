/** Whether an operand is a pattern: it has `*`, `?`, `[` or `{`. */
export function isPattern(operand: string): boolean {
  return /[*?[{]/.test(operand)
}

/** The folder part of a pattern before its first wildcard. */
export function patternBase(pattern: string): string {
  const parts = pattern.split('/')
  const first = parts.findIndex(isPattern)
  const base = parts.slice(0, first).join('/')
  return base === '' ? (pattern.startsWith('/') ? '/' : '.') : base
}

/**
 * A pattern as a regular expression for whole paths with `/`: `*` and `?` within a name, `**` over folders, `[abc]`, `[!a-c]`, `{one,two}`.
 */
export function patternToRegExp(pattern: string): RegExp {
  let source = ''
  let braces = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at)
    const rest = pattern.slice(at)
    const set = /^\[(!?)([^\]]+)\]/.exec(rest)
    if (rest.startsWith('**/')) {
      source += '(?:[^/]+/)*'
      at += 2
    } else if (rest.startsWith('**')) {
      source += '.*'
      at++
    } else if (character === '*') source += '[^/]*'
    else if (character === '?') source += '[^/]'
    else if (set) {
      source += `[${set[1] === '!' ? '^' : ''}${(set[2] ?? '').replace(/[\\\]^]/g, '\\$&')}]`
      at += set[0].length - 1
    } else if (character === '{' && rest.includes('}')) {
      source += '(?:'
      braces++
    } else if (character === '}' && braces > 0) {
      source += ')'
      braces--
    } else if (character === ',' && braces > 0) source += '|'
    else source += character.replace(/[.+^$()|\\[\]{}]/g, '\\$&')
  }
  return new RegExp(`^${source}$`)
}
