import type { Expected } from './expected.ts'

export const standard: Expected[] = [
  {
    platform: 'standard',
    file: 'standard-webhooks/spec.contact.created.json',
    topic: null,
    ignored: /contact\.created/,
  },
]
