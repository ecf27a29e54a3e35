export const LANGUAGES = ['en', 'sw'] as const
export type Language = (typeof LANGUAGES)[number]

export const LANGUAGE_COOKIE = 'phone_language'

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some((one) => one === text)
}

/** What was chosen, else the first of ours that the browser asks for, else English. */
export function languageFor(chosen: string | undefined, acceptLanguage: string | undefined): Language {
  if (isLanguage(chosen)) return chosen
  const asked = (acceptLanguage ?? '').split(',').map((part) => {
    const [tag = '', quality] = part.trim().split(/;\s*q=/)
    return { language: tag.slice(0, 2).toLowerCase(), weight: quality === undefined ? 1 : Number(quality) || 0 }
  })
  const best = asked.toSorted((a, b) => b.weight - a.weight).find((one) => one.weight > 0 && isLanguage(one.language))
  return isLanguage(best?.language) ? best.language : 'en'
}
