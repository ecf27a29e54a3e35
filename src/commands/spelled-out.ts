const STEERING = /(?!\r?\n|\t)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** What others wrote, as it came, for a terminal: signs that would steer it or turn its lines round are spelled out. */
export function spelledOut(text: string): string {
  return text.replace(STEERING, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
