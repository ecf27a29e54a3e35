import ipaddr from 'ipaddr.js'

/** Everything the internet routes today; also leaves out site-local and IPv4-compatible forms no list names. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Whether an IP address, as text, belongs to the public internet; false for what cannot be read. */
export function isPublicAddress(text: string): boolean {
  const address = parse(text)
  if (address?.range() !== 'unicast') return false
  return !(address instanceof ipaddr.IPv6) || address.match(GLOBAL_IPV6)
}

/** `process` unwraps IPv4 inside IPv6 (::ffff:127.0.0.1). */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  try {
    return ipaddr.process(text)
  } catch {
    return null
  }
}
