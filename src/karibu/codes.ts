/** What a refusal means for us: later · pace (later, burns nothing) · window · refused · blocked (the sender) · media. */
export type CodeAction = 'later' | 'pace' | 'window' | 'refused' | 'blocked' | 'media'

/** WhatsApp's error codes (Meta's table) and Briq's words, as they reach us through Karibu. Unknown ones are refused. */
const ACTIONS: Record<CodeAction, string[]> = {
  window: ['WINDOW_CLOSED', '131047'],
  pace: ['130429', '131056', '80007', '4'],
  later: ['131000', '131016', '2', '133004', '131057', '1'],
  media: ['131052', '131053'],
  blocked: 'WORKSPACE_REQUIRED 131031 131048 368 131042 131045 133010 33 131037 0 10 190 131005'.split(' '),
  refused: [
    'VALIDATION_ERROR TEMPLATE_NOT_APPROVED TEMPLATE_NOT_FOUND_OR_UNAPPROVED 131026 131049 131050 130472 130497 131051',
    '131008 131009 100 135000 131021 131030 132000 132001 132012 132015 132016',
  ].flatMap((codes) => codes.split(' ')),
}

const ACTION_NAMES: readonly CodeAction[] = ['window', 'pace', 'later', 'media', 'blocked', 'refused']

const ACTION_OF = new Map(ACTION_NAMES.flatMap((action) => ACTIONS[action].map((code) => [code, action] as const)))

/** Without prefix, as they stand in the table. */
export const KNOWN_CODES: readonly string[] = [...ACTION_OF.keys()]

/** The action for a code without its `karibu.` or `whatsapp.` prefix; 200–299 are permission errors of Meta. */
export function actionFor(code: string): CodeAction {
  const known = ACTION_OF.get(code.toUpperCase())
  if (known) return known
  // Which code an unknown or inactive sender gives is not documented; whatever it is, it is a matter of settings.
  if (/SENDER/i.test(code)) return 'blocked'
  const number = Number(code)
  return number >= 200 && number <= 299 ? 'blocked' : 'refused'
}

/** Codes as we keep and show them: `whatsapp.131047` for Meta's numbers, `karibu.WINDOW_CLOSED` for Briq's words. */
export function prefixed(code: string): string {
  // Codes go into logs and metrics: a sentence or a phone number in their place does not.
  if (!/^[\w.:-]{1,64}$/.test(code) || /\d{7}/.test(code)) return 'karibu.unreadable_code'
  return /^\d+$/.test(code) ? `whatsapp.${code}` : `karibu.${code}`
}

export function unprefixed(code: string): string {
  return code.replace(/^(karibu|whatsapp)\./, '')
}
