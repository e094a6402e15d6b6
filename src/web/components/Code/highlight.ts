import { createHighlighterCore, type HighlighterCore, type LanguageInput } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'

/** A line of code as coloured pieces. */
export type CodeLine = { text: string; light: string; dark: string }[]

const languages: Readonly<Record<string, () => LanguageInput>> = {
  bash: () => import('shiki/langs/shellscript.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  cpp: () => import('shiki/langs/cpp.mjs'),
  csharp: () => import('shiki/langs/csharp.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  php: () => import('shiki/langs/php.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  ruby: () => import('shiki/langs/ruby.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  typescript: () => import('shiki/langs/typescript.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
}
const otherNames: Readonly<Record<string, string>> = {
  'c++': 'cpp',
  'c#': 'csharp',
  js: 'javascript',
  jsx: 'javascript',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  shell: 'bash',
  shellscript: 'bash',
  ts: 'typescript',
  yml: 'yaml',
}

let opened: Promise<HighlighterCore> | undefined

/** Colours code in both themes' colours; undefined for a language that is not known. Runs JavaScript alone, no WebAssembly. */
export async function highlight(text: string, name: string): Promise<CodeLine[] | undefined> {
  const lower = name.toLowerCase()
  const language = Object.hasOwn(otherNames, lower) ? (otherNames[lower] ?? lower) : lower
  const load = Object.hasOwn(languages, language) ? languages[language] : undefined
  if (!load) return undefined
  opened ??= createHighlighterCore({
    themes: [import('shiki/themes/github-light-high-contrast.mjs'), import('shiki/themes/github-dark-high-contrast.mjs')],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  })
  const highlighter = await opened
  await highlighter.loadLanguage(load())
  const lang = language === 'bash' ? 'shellscript' : language
  const { tokens } = highlighter.codeToTokens(text, {
    lang,
    themes: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    defaultColor: false,
  })
  return tokens.map((line) =>
    line.map((token) => {
      const style = typeof token.htmlStyle === 'object' ? token.htmlStyle : {}
      return { text: token.content, light: style['--shiki-light'] ?? 'inherit', dark: style['--shiki-dark'] ?? 'inherit' }
    }),
  )
}
