import type { Budget } from '../store/budget.ts'

export interface SenderBudget extends Budget {
  sender: string
}

export interface BudgetUse {
  sender: string
  sent: number
  messages: number
  state: 'ok' | 'near' | 'spent'
}

/** How far each budget is used by what was sent within its month. */
export function useOfBudgets(
  budgets: readonly SenderBudget[],
  sends: readonly { sender: string; sends: number }[],
): BudgetUse[] {
  return budgets.map(({ sender, messages, warnAt }) => {
    const sent = sends.find((one) => one.sender === sender)?.sends ?? 0
    const state = sent >= messages ? 'spent' : sent * 100 >= messages * warnAt ? 'near' : 'ok'
    return { sender, sent, messages, state }
  })
}
