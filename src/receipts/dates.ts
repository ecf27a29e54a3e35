import { zonedTime } from '../zoned-time.ts'

/**
 * What people call a zone, and the offset (minutes) at which that name is true. Node would say "EAT" or "GMT+3" by
 * locale and ICU version.
 */
const NAMES: { name: string; offset: number; zones: ReadonlySet<string> }[] = [
  {
    name: 'EAT',
    offset: 180,
    zones: zones(`
      Africa/Nairobi Africa/Dar_es_Salaam Africa/Kampala Africa/Addis_Ababa Africa/Asmara Africa/Asmera
      Africa/Djibouti Africa/Mogadishu Indian/Antananarivo Indian/Comoro Indian/Mayotte
    `),
  },
  {
    name: 'CAT',
    offset: 120,
    zones: zones(`
      Africa/Maputo Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali
      Africa/Lubumbashi Africa/Lusaka Africa/Khartoum Africa/Juba Africa/Windhoek
    `),
  },
  { name: 'SAST', offset: 120, zones: zones('Africa/Johannesburg Africa/Maseru Africa/Mbabane') },
  {
    name: 'WAT',
    offset: 60,
    zones: zones(`
      Africa/Lagos Africa/Kinshasa Africa/Luanda Africa/Douala Africa/Libreville Africa/Malabo Africa/Bangui
      Africa/Brazzaville Africa/Ndjamena Africa/Niamey Africa/Porto-Novo
    `),
  },
  { name: 'UTC', offset: 0, zones: zones('UTC Etc/UTC Etc/UCT Etc/Universal Etc/Zulu') },
]

/** "22 Nov 2026, 14:05 EAT" on the clocks of `timezone` (IANA); null for a time no calendar has. */
export function formatDate(at: number, timezone: string, months: readonly string[]): string | null {
  if (!(Math.abs(at) <= 8.64e15)) return null
  const local = zonedTime(at, timezone)
  const time = `${pad(local.hour)}:${pad(local.minute)}`
  return `${local.day} ${months[local.month - 1]} ${local.year}, ${time} ${zoneName(timezone, local.offset)}`
}

function zoneName(timezone: string, offset: number): string {
  const known = NAMES.find((entry) => entry.offset === offset && entry.zones.has(timezone))
  if (known) return known.name
  if (offset === 0) return 'GMT'
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `GMT${offset < 0 ? '−' : '+'}${hours}${minutes === 0 ? '' : `:${pad(minutes)}`}`
}

function zones(names: string): ReadonlySet<string> {
  return new Set(names.trim().split(/\s+/))
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
