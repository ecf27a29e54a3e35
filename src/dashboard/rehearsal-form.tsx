import type { Fault } from '../config/faults.ts'
import type { Config } from '../config/types.ts'
import { Choice } from './choice.tsx'
import { HOME } from './gate.ts'
import { Form } from './layout.tsx'
import { may, type Page } from './page.ts'
import { type RulesWords, rulesWords } from './words/rules.ts'

export interface RehearsalAsked {
  since: string
  shop: string
  rules: string
}

export interface RehearsalFormProps {
  page: Page
  shops: Config['shops']
  asked?: RehearsalAsked
  faults?: Fault[]
}

/** How far back, as the API takes it. */
export const SPANS = ['24h', '3d', '7d', '30d'] as const

export function RehearsalForm({ page, shops, asked, faults = [] }: RehearsalFormProps) {
  const words = rulesWords(page.language)
  const spans: [string, string][] = [
    ['24h', words.hours24],
    ['3d', words.days3],
    ['7d', words.days7],
    ['30d', words.days30],
  ]
  const named = Object.values(shops).map(({ id, brand }): [string, string] => [id, brand.name])
  return (
    <Form page={page} action={`${HOME}/rules/rehearsal`}>
      <div class="fields">
        <label>
          {words.since}
          <select name="since">
            {spans.map(([value, label]) => (
              <option value={value} selected={value === (asked?.since ?? '24h')}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Choice label={words.shop} name="shop" any={words.allShops} chosen={asked?.shop} options={named} />
      </div>
      {may(page, 'admin') ? (
        <RulesField page={page} words={words} text={asked?.rules ?? ''} faults={faults} />
      ) : (
        <p class="help">{words.onlyAdmin}</p>
      )}
      <button type="submit">{words.run}</button>
    </Form>
  )
}

function RulesField({ page, words, text, faults }: FieldProps) {
  const isFaulty = faults.length > 0
  return (
    <>
      <label for="rules">{words.changed}</label>
      <textarea
        id="rules"
        name="rules"
        class="yaml"
        rows={isFaulty ? 16 : 8}
        spellcheck={false}
        aria-describedby={isFaulty ? 'rules-faults' : 'rules-help'}
        aria-invalid={isFaulty ? 'true' : undefined}
        placeholder={EXAMPLE}
      >
        {text}
      </textarea>
      {isFaulty ? (
        <div id="rules-faults" class="faults" role="alert">
          <p>
            <b>{words.mend}</b>
          </p>
          {page.language !== 'en' && <p>{words.english}</p>}
          <ul>
            {faults.map(({ line, path, message }) => (
              <li>
                <b>{words.line(line)}</b>
                {path !== '' && (
                  <>
                    {', '}
                    <code>{path}</code>
                  </>
                )}
                : <span lang="en">{message}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p id="rules-help" class="help">
          {words.changedHelp}
        </p>
      )}
    </>
  )
}

interface FieldProps {
  page: Page
  words: RulesWords
  text: string
  faults: Fault[]
}

const EXAMPLE = `- name: receipt
  on: order.paid
  send: { image: receipt, caption: "Asante {{ customer.first_name }}!" }`
