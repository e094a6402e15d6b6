import { Converter } from 'opencc-js/t2cn'

type Convert = (text: string) => string

const loaded: Convert[] = []

/** Traditional Chinese characters as simplified ones (OpenCC t2s); text without Han characters comes back as it is, at no cost. */
export function toSimplified(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text
  // Tables are built on first use: 0.1 s that logs without Chinese need not pay.
  const convert = loaded[0] ?? makeConverter({ from: 't', to: 'cn' })
  loaded[0] = convert
  return convert(text)
}

const makeConverter: (options: { from: 't'; to: 'cn' }) => Convert = Converter
