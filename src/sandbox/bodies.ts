import type { ErrorShape } from './faults.ts'

/** A refusal of the simulated API: its HTTP status and what its body says. */
export interface Refusal {
  status: number
  code: string
  message: string
  field: string | null
}

export interface ErrorAnswer {
  contentType: string
  body: string
}

export function success(data: unknown, requestId: string) {
  return { success: true, data, errors: null, request_id: requestId }
}

export function errorAnswer(shape: ErrorShape, refusal: Refusal, requestId: string): ErrorAnswer {
  return shapes[shape](refusal, requestId)
}

const shapes: Record<ErrorShape, (refusal: Refusal, requestId: string) => ErrorAnswer> = {
  envelope: ({ code, message, field }, requestId) =>
    json({ success: false, data: null, errors: [{ code, message, field }], request_id: requestId }),
  'detail-text': ({ message }) => json({ detail: message }),
  // FastAPI's own 422; without a place it is the form an older page shows for a bad key.
  'detail-list': ({ message: msg, field }) =>
    json({ detail: [field === null ? { msg } : { loc: ['body', field], msg, type: 'value_error' }] }),
  'error-object': ({ code, message }) => json({ error: { code: code.toLowerCase(), message, details: null } }),
  html({ status, message }) {
    const title = `${status} ${message}`.replaceAll('<', '&lt;')
    const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body><h1>${title}</h1></body>\r\n</html>\r\n`
    return { contentType: 'text/html', body }
  },
  empty: () => ({ contentType: 'text/plain', body: '' }),
}

function json(value: unknown): ErrorAnswer {
  return { contentType: 'application/json', body: JSON.stringify(value) }
}

/** The code an error gets when a fault names none. */
export function codeForStatus(status: number): string {
  switch (status) {
    case 401:
      return 'UNAUTHORIZED'
    case 403:
      return 'FORBIDDEN'
    case 404:
      return 'NOT_FOUND'
    case 422:
      return 'VALIDATION_ERROR'
    case 429:
      return 'RATE_LIMITED'
    default:
      return status >= 500 ? 'INTERNAL_ERROR' : 'BAD_REQUEST'
  }
}
