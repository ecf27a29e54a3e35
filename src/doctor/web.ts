/** What an address of ours answered. */
export type WebAnswer =
  | { kind: 'answer'; status: number; headers: Readonly<Record<string, string>>; body: Buffer }
  /** `code` is the system's: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `timeout`. */
  | { kind: 'none'; code: string }

export interface WebCall {
  method?: 'GET' | 'HEAD' | 'POST'
  headers?: Record<string, string>
  body?: Buffer
}

/** Asks without following redirects or trying again; each call ends by itself. */
export interface Web {
  ask(url: string, call?: WebCall): Promise<WebAnswer>
  /** The addresses of a host, or the system's code for why it has none. */
  addressesOf(host: string): Promise<{ addresses: string[] } | { code: string }>
  close(): Promise<void>
}

const WHY: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'this name has no address',
  EAI_AGAIN: 'no name server answers',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  timeout: 'it took too long',
  UND_ERR_CONNECT_TIMEOUT: 'it took too long to connect',
  UND_ERR_HEADERS_TIMEOUT: 'it took too long',
  UND_ERR_BODY_TIMEOUT: 'it took too long',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or our clock is wrong',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed, which WhatsApp does not take',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed, which WhatsApp does not take',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send its whole chain of certificates',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody known vouches for its certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks plain http there, not https',
  EPROTO: 'it speaks no https there',
}

/** Why there was no answer, in words. */
export function whyNone(code: string): string {
  return WHY[code] ?? code
}
