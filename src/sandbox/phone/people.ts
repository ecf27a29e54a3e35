import { remember } from '../capped.ts'
import { parseInput, phoneInput } from '../parse.ts'
import type { State } from '../state.ts'
import type { Person } from './options.ts'

export interface People {
  list(): Person[]
  /** Also a stranger, who then goes by their number. */
  find(number: string): Person
  /** Gives the number as digits, or a `sandbox.invalid` error. */
  add(number: string, name: string): string
}

/** False for a stranger, who goes by their number. */
export const isNamed = ({ name, number }: Person) => name !== `+${number}`

const MOST_PEOPLE = 200

/** Whose phones there are: those given or added, and whoever has a conversation. */
export function createPeople(state: State, given: readonly Person[]): People {
  const known = new Map<string, Person>()
  for (const person of given) remember(known, person.number, person, MOST_PEOPLE)

  const nameOf = (number: string) =>
    [...state.conversations.values()].findLast((one) => one.phone === number && one.name !== null)?.name ?? null
  const find = (number: string): Person => known.get(number) ?? { number, name: nameOf(number) ?? `+${number}` }
  return {
    find,
    list() {
      const others = [...state.conversations.values()].map((one) => one.phone).filter((phone) => !known.has(phone))
      return [...known.keys(), ...new Set(others)].slice(0, MOST_PEOPLE).map(find)
    },
    add(input, name) {
      const number = parseInput(phoneInput, input)
      remember(known, number, { number, name: name.trim().slice(0, 60) || `+${number}` }, MOST_PEOPLE)
      return number
    },
  }
}
