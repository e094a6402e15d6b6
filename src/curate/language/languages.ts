/** A language as labels name it. */
export interface Language {
  /** English name, as LMSYS-Chat-1M prints it. */
  name: string
  /** ISO 639-1 where there is one, else 639-3. */
  code: string
}

/** Where no language can be told. */
export const unknownLanguage: Language = { name: 'unknown', code: 'und' }

/**
 * Languages that the grams tell apart, by the script that they share, with their name in Lingua's tables. Serbian's table is Cyrillic alone.
 * Bokmål is "Norwegian", as CLD2 (and so LMSYS) prints it.
 */
export const gramLanguages = {
  Latin: [
    ['Afrikaans', 'af', 'AFRIKAANS'],
    ['Albanian', 'sq', 'ALBANIAN'],
    ['Azerbaijani', 'az', 'AZERBAIJANI'],
    ['Basque', 'eu', 'BASQUE'],
    ['Bosnian', 'bs', 'BOSNIAN'],
    ['Catalan', 'ca', 'CATALAN'],
    ['Croatian', 'hr', 'CROATIAN'],
    ['Czech', 'cs', 'CZECH'],
    ['Danish', 'da', 'DANISH'],
    ['Dutch', 'nl', 'DUTCH'],
    ['English', 'en', 'ENGLISH'],
    ['Esperanto', 'eo', 'ESPERANTO'],
    ['Estonian', 'et', 'ESTONIAN'],
    ['Finnish', 'fi', 'FINNISH'],
    ['French', 'fr', 'FRENCH'],
    ['Ganda', 'lg', 'GANDA'],
    ['German', 'de', 'GERMAN'],
    ['Hungarian', 'hu', 'HUNGARIAN'],
    ['Icelandic', 'is', 'ICELANDIC'],
    ['Indonesian', 'id', 'INDONESIAN'],
    ['Irish', 'ga', 'IRISH'],
    ['Italian', 'it', 'ITALIAN'],
    ['Latin', 'la', 'LATIN'],
    ['Latvian', 'lv', 'LATVIAN'],
    ['Lithuanian', 'lt', 'LITHUANIAN'],
    ['Malay', 'ms', 'MALAY'],
    ['Maori', 'mi', 'MAORI'],
    ['Norwegian', 'no', 'BOKMAL'],
    ['Norwegian Nynorsk', 'nn', 'NYNORSK'],
    ['Polish', 'pl', 'POLISH'],
    ['Portuguese', 'pt', 'PORTUGUESE'],
    ['Romanian', 'ro', 'ROMANIAN'],
    ['Shona', 'sn', 'SHONA'],
    ['Slovak', 'sk', 'SLOVAK'],
    ['Slovenian', 'sl', 'SLOVENE'],
    ['Somali', 'so', 'SOMALI'],
    ['Southern Sotho', 'st', 'SOTHO'],
    ['Spanish', 'es', 'SPANISH'],
    ['Swahili', 'sw', 'SWAHILI'],
    ['Swedish', 'sv', 'SWEDISH'],
    ['Tagalog', 'tl', 'TAGALOG'],
    ['Tsonga', 'ts', 'TSONGA'],
    ['Tswana', 'tn', 'TSWANA'],
    ['Turkish', 'tr', 'TURKISH'],
    ['Vietnamese', 'vi', 'VIETNAMESE'],
    ['Welsh', 'cy', 'WELSH'],
    ['Xhosa', 'xh', 'XHOSA'],
    ['Yoruba', 'yo', 'YORUBA'],
    ['Zulu', 'zu', 'ZULU'],
  ],
  Cyrillic: [
    ['Belarusian', 'be', 'BELARUSIAN'],
    ['Bulgarian', 'bg', 'BULGARIAN'],
    ['Kazakh', 'kk', 'KAZAKH'],
    ['Macedonian', 'mk', 'MACEDONIAN'],
    ['Mongolian', 'mn', 'MONGOLIAN'],
    ['Russian', 'ru', 'RUSSIAN'],
    ['Serbian', 'sr', 'SERBIAN'],
    ['Ukrainian', 'uk', 'UKRAINIAN'],
  ],
  Arabic: [
    ['Arabic', 'ar', 'ARABIC'],
    ['Persian', 'fa', 'PERSIAN'],
    ['Urdu', 'ur', 'URDU'],
  ],
  Devanagari: [
    ['Hindi', 'hi', 'HINDI'],
    ['Marathi', 'mr', 'MARATHI'],
  ],
  Han: [
    ['Chinese', 'zh', 'CHINESE'],
    ['Japanese', 'ja', 'JAPANESE'],
  ],
} as const

/** A script whose languages are told apart by grams. */
export type GramScript = keyof typeof gramLanguages

/** Scripts that one language is written in, of those that logs hold. */
export const scriptLanguages: Readonly<Record<string, readonly [name: string, code: string]>> = {
  Hiragana: ['Japanese', 'ja'],
  Katakana: ['Japanese', 'ja'],
  Hangul: ['Korean', 'ko'],
  Greek: ['Greek', 'el'],
  Hebrew: ['Hebrew', 'he'],
  Armenian: ['Armenian', 'hy'],
  Georgian: ['Georgian', 'ka'],
  Thai: ['Thai', 'th'],
  Bengali: ['Bengali', 'bn'],
  Gujarati: ['Gujarati', 'gu'],
  Gurmukhi: ['Punjabi', 'pa'],
  Tamil: ['Tamil', 'ta'],
  Telugu: ['Telugu', 'te'],
  Kannada: ['Kannada', 'kn'],
  Malayalam: ['Malayalam', 'ml'],
  Oriya: ['Oriya', 'or'],
  Sinhala: ['Sinhala', 'si'],
  Lao: ['Lao', 'lo'],
  Tibetan: ['Tibetan', 'bo'],
  Myanmar: ['Burmese', 'my'],
  Khmer: ['Khmer', 'km'],
  Ethiopic: ['Amharic', 'am'],
  Cherokee: ['Cherokee', 'chr'],
  Thaana: ['Dhivehi', 'dv'],
  Canadian_Aboriginal: ['Inuktitut', 'iu'],
  Mongolian: ['Mongolian', 'mn'],
  Bopomofo: ['Chinese', 'zh'],
}
