export const LANGUAGES = ['en', 'sw'] as const
export type Language = (typeof LANGUAGES)[number]

type Both<T> = { en: T; sw: T }
/** Words of a page in both languages, or functions that make them. */
export type Table = Record<string, Both<string> | Both<(...given: never[]) => string>>

type In<T extends Table> = { [Key in keyof T]: T[Key]['en'] }

/** Gives the words of one language. */
export function wordsOf<const T extends Table>(table: T): (language: Language) => In<T> {
  const made = (language: Language): In<T> => {
    const words: Iterable<readonly unknown[]> = Object.entries(table).map(([key, both]) => [key, both[language]])
    return Object.fromEntries(words)
  }
  const known: Both<In<T>> = { en: made('en'), sw: made('sw') }
  return (language) => known[language]
}

export function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((language) => language === text)
}

/** The one of our languages that a browser's Accept-Language asks for first. */
export function preferredLanguage(header: string | undefined): Language | undefined {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';')
      const weight = /^\s*q=([\d.]+)\s*$/.exec(rest.join(';'))?.[1]
      return { language: tag.slice(0, 2).toLowerCase(), weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ language }) => language)
  return wanted.find(isLanguage)
}
