import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { loadConfig } from '../../config/load.ts'
import { AppError, reasonOfSystem } from '../../errors.ts'
import type { Ids } from '../../ids.ts'
import type { ShopPlatform } from '../../shops/platform.ts'
import { platformNamed, platforms } from '../../shops/registry.ts'
import { writeVariables } from '../env-file.ts'
import { type Answers, answersFrom, type Question, questions } from './answers.ts'
import { type Composed, compose, envExample, type Needed } from './compose.ts'

/** A person at a terminal; each answer is one that the question takes. */
export interface Asker {
  answer(question: Question): Promise<string>
  agree(question: string): Promise<boolean>
}

export interface InitInput {
  /** Where risiti.yaml is written. */
  file: string
  given: Partial<Record<keyof Answers, string>>
  /** Puts the secrets that are ours to choose into .env; undefined asks, where somebody is there. */
  writeEnv: boolean | undefined
  /** Writes over what is there. */
  force: boolean
  json: boolean
}

export interface InitDeps {
  ids: Pick<Ids, 'token'>
  /** Undefined when nobody is there, or shall not be asked. */
  asker: Asker | undefined
}

/** Writes a first risiti.yaml, an .env.example and, with consent, an .env; gives what to print. */
export async function runInit(
  { file, given, writeEnv, force, json }: InitInput,
  { ids, asker }: InitDeps,
): Promise<string> {
  const folder = dirname(file)
  const example = join(folder, '.env.example')
  const env = join(folder, '.env')
  await mayWrite([file, example], force, asker)
  const asked = questions((name) => platformNamed(name)?.facts.title ?? name)
  const answers = answersFrom(asker ? await askAll(asked, given, asker) : given, asked)
  const platform = platformNamed(answers.platform) ?? platforms.woocommerce
  const composed = compose(answers, platform)
  // Before a byte is written: what does not start is a fault of ours.
  loadConfig({ file, text: composed.yaml, env: filledIn(composed.variables, ids) })
  const consent =
    writeEnv ?? (asker ? await asker.agree(`Put new secrets that are ours to choose into ${env}?`) : false)
  await write(file, composed.yaml)
  await write(example, envExample(composed.variables))
  if (consent) await writeVariables(env, valuesFor(composed.variables, ids))
  const written = consent ? [file, example, env] : [file, example]
  const next = nextSteps({ answers, platform, consent, composed, file })
  if (json) return JSON.stringify({ written, next }, null, 2)
  return [`Written: ${written.join(', ')}`, '', 'Next:', ...next.map((step, index) => `  ${index + 1}. ${step}`)].join(
    '\n',
  )
}

async function mayWrite(files: string[], force: boolean, asker: Asker | undefined): Promise<void> {
  const there = files.filter((file) => existsSync(file))
  if (there.length === 0 || force) return
  const names = there.join(' and ')
  if (asker && (await asker.agree(`${names} ${there.length === 1 ? 'is' : 'are'} there already. Write over?`))) return
  throw new AppError('init.exists', `${names} would be written over: add --force if that is meant`)
}

async function askAll(
  asked: readonly Question[],
  given: Partial<Record<keyof Answers, string>>,
  asker: Asker,
): Promise<Partial<Record<keyof Answers, string>>> {
  const answers = { ...given }
  for (const question of asked) {
    if (answers[question.name] === undefined) answers[question.name] = await asker.answer(question)
  }
  return answers
}

function valuesFor(variables: readonly Needed[], ids: Pick<Ids, 'token'>) {
  return variables.map(({ name, comment, form }) => ({ name, comment, value: form === null ? '' : secret(form, ids) }))
}

function secret(form: 'text' | 'whsec', ids: Pick<Ids, 'token'>): string {
  const token = ids.token()
  return form === 'text' ? token : `whsec_${token.replaceAll('-', '+').replaceAll('_', '/')}`
}

/** An environment as it will be once the rest is filled in. */
function filledIn(variables: readonly Needed[], ids: Pick<Ids, 'token'>): Record<string, string> {
  const values = valuesFor(variables, ids).map(({ name, value }) => [
    name,
    value === '' ? `whsec_${ids.token()}` : value,
  ])
  return { ...Object.fromEntries(values), BRIQ_SENDER: '255700000001' }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw new AppError('file.unwritable', `${file} cannot be written: ${reasonOfSystem(error)}`, { cause: error })
  }
}

interface Steps {
  answers: Answers
  platform: ShopPlatform
  consent: boolean
  composed: Composed
  file: string
}

function nextSteps({ answers, platform, consent, composed, file }: Steps): string[] {
  const open = composed.variables.filter(({ form }) => !consent || form === null).map(({ name }) => name)
  const proof = platform.unsigned === true ? '/<the secret of its address>' : ''
  const at = `${answers.publicUrl.replace(/\/+$/, '')}/webhooks/${answers.shop}${proof}`
  const flag = file === 'risiti.yaml' ? '' : ` --config ${file}`
  const fill = consent ? 'Fill in' : 'Copy .env.example to .env and fill in'
  return [
    `${fill} ${open.join(', ')}; load it: set -a; . ${dirname(file)}/.env; set +a`,
    `risiti serve${flag}   (behind a proxy with https), and point ${platform.facts.title} at ${at}`,
    `risiti webhook register${flag} && risiti doctor${flag}`,
  ]
}
