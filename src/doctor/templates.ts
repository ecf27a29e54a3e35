import type { Rule } from '../config/types.ts'
import type { Template } from '../karibu/wire.ts'
import { type Check, fail, ok, warn } from './check.ts'
import type { Told } from './karibu.ts'

const NAME = 'karibu.templates'

/** An invitation as the rules of one template write it. */
export interface Invitation {
  template: string
  /** By rule. */
  uses: { rule: string; variables: string[] }[]
}

/** Each template the rules name, once. */
export function invitationsOf(rules: readonly Pick<Rule, 'name' | 'invite'>[]): Invitation[] {
  const found = new Map<string, Invitation>()
  for (const { name, invite } of rules) {
    if (!invite) continue
    const known = found.get(invite.template) ?? { template: invite.template, uses: [] }
    known.uses.push({ rule: name, variables: Object.keys(invite.variables) })
    found.set(invite.template, known)
  }
  return [...found.values()]
}

/** Pure: whether WhatsApp would take the invitation of each rule that makes one. */
export function templateChecks({ template, uses }: Invitation, told: Told<Template[] | null>): Check[] {
  const mend = 'See the template in Briq’s dashboard, and what invite: says in risiti.yaml.'
  if (told.kind !== 'told' || told.value === null) {
    return [warn(NAME, `whether ${template} is approved cannot be told: Karibu does not show its templates`, mend)]
  }
  const found = told.value
  const rules = uses.map(({ rule }) => rule).join(', ')
  if (found.length === 0) {
    const text = `there is no template ${template}, which ${rules} would send`
    return [fail(NAME, text, 'Make it in Briq’s dashboard and wait for its approval, or name another one.')]
  }
  const approved = found.filter(({ status }) => status === 'APPROVED')
  if (approved.length === 0) {
    const status = found.map((one) => one.status ?? 'without a status').join(', ')
    const text = `the template ${template} is ${status}, not APPROVED: ${rules} could not send it`
    return [fail(NAME, text, 'Wait for WhatsApp’s approval, or mend what it refused, in Briq’s dashboard.')]
  }
  return uses.map((use) => useCheck(template, use, approved))
}

function useCheck(template: string, { rule, variables }: Invitation['uses'][number], approved: Template[]): Check {
  const wanted = approved.map(({ params }) => params)
  if (wanted.some((params) => params !== null && sameNames(params, variables))) {
    return ok(NAME, `${template} is approved, and ${rule} gives it what it wants`)
  }
  const [params = null] = wanted.filter((one) => one !== null)
  const gives = variables.length === 0 ? 'none' : variables.join(', ')
  if (params === null) {
    const text = `${template} is approved; which variables it wants Karibu does not say (${rule} gives ${gives})`
    return warn(NAME, text, 'Hold them against the template in Briq’s dashboard.')
  }
  const wants = params.length === 0 ? 'none' : params.join(', ')
  const text = `${template} wants the variables ${wants}, and ${rule} gives ${gives}`
  return fail(NAME, text, `Give exactly these under invite.variables of ${rule}.`)
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name))
}
