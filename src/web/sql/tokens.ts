/** A piece of SQL and what it is, for colours. Joined, the pieces are the text. */
export interface SqlToken {
  kind: 'keyword' | 'text' | 'number' | 'comment' | 'name' | 'plain'
  text: string
}

const keywords = new Set(
  `all and any array as asc asof between by case cast columns cross cube current date desc describe distinct else end except exclude exists
false filter first following for from full glob group grouping having ilike in inner intersect interval into is join lateral left like limit list not
null nulls offset on or order outer over partition pivot positional preceding qualify range recursive replace right rollup row rows sample select semi
sets show similar struct summarize then timestamp to true unbounded union unnest unpivot using values when where window with within`.split(
    /\s+/,
  ),
)

const pieces =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?)|(\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|([A-Za-z_]\w*)|(\s+|\S)/giu

/** Cuts SQL into coloured pieces; never fails, also on text that is half written. */
export function sqlTokens(sql: string): SqlToken[] {
  const found: SqlToken[] = []
  for (const match of sql.matchAll(pieces)) {
    const [text, comment, string, name, number, word] = match
    const kind = comment
      ? 'comment'
      : string
        ? 'text'
        : name
          ? 'name'
          : number
            ? 'number'
            : word && keywords.has(word.toLowerCase())
              ? 'keyword'
              : 'plain'
    const last = found.at(-1)
    if (last && last.kind === kind && kind === 'plain') last.text += text
    else found.push({ kind, text })
  }
  return found
}

/** A name as SQL reads it: bare where it may be, else in double quotes. */
export const sqlName = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name) ? name : `"${name.replaceAll('"', '""')}"`
