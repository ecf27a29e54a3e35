import { confirm, isCancel, select, text } from '@clack/prompts'
import { AppError } from '../../errors.ts'
import type { Question } from './answers.ts'
import type { Asker } from './init.ts'

/** Asks at the terminal. */
export function terminalAsker(): Asker {
  return {
    async answer(question) {
      const answer = await ask(question)
      if (typeof answer === 'symbol') throw cancelled()
      return answer ?? ''
    },
    async agree(question) {
      const answer = await confirm({ message: question, initialValue: false })
      if (isCancel(answer)) throw cancelled()
      return answer
    },
  }
}

function ask({ ask: message, fallback, choices, check }: Question): Promise<string | symbol | undefined> {
  if (choices) return select({ message, options: [...choices], initialValue: fallback ?? choices[0]?.value ?? '' })
  return text({
    message,
    ...(fallback != null && { placeholder: fallback, defaultValue: fallback }),
    validate(value = '') {
      if (value.trim() === '') return fallback === undefined ? 'Please say something.' : undefined
      return check(value.trim())
    },
  })
}

function cancelled(): AppError {
  return new AppError('init.cancelled', 'nothing was written')
}
