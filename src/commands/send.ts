import type { Actions } from '../api/actions.ts'
import { sendRequest } from '../api/schemas/messages.ts'
import type { ShopConfig } from '../config/types.ts'
import { AppError } from '../errors.ts'
import { presentMessage, type ShowOptions } from '../query/present.ts'
import { phoneArgument } from './phone.ts'

export interface SendInput {
  shop: string
  to?: string | undefined
  order?: string | undefined
  imageUrl?: string | undefined
  caption?: string | undefined
  whenClosed?: string | undefined
  /** With the same key it is sent once. */
  idempotencyKey?: string | undefined
  json?: boolean | undefined
}

export interface SendDeps {
  shops: Record<string, ShopConfig>
  actions: Pick<Actions, 'send'>
  options: ShowOptions
}

/** An image by hand, through the same gate as `POST /v1/messages`; a running service goes on from there. */
export async function runSend(input: SendInput, { shops, actions, options }: SendDeps): Promise<string> {
  const shop = Object.hasOwn(shops, input.shop) ? shops[input.shop] : undefined
  if (!shop) throw new AppError('shop.unknown', `there is no shop ${input.shop} in this configuration`)
  const request = sendRequest.safeParse({
    shop: shop.id,
    to: input.to === undefined ? undefined : phoneArgument(input.to, undefined, [shop]),
    order: input.order,
    image_url: input.imageUrl,
    caption: input.caption,
    when_closed: input.whenClosed,
  })
  if (!request.success) {
    const [issue] = request.error.issues
    const flag = String(issue?.path[0] ?? '').replaceAll('_', '-')
    throw new AppError('body.invalid', `--${flag}: ${issue?.message ?? 'not understood'}`)
  }
  const message = await actions.send(request.data, input.idempotencyKey ?? null)
  const shown = presentMessage(message, options)
  if (input.json) return JSON.stringify(shown, null, 2)
  return shown.status === 'queued'
    ? `${shown.id} is to go out: a running service sends it within a minute, if it may.`
    : `${shown.id} was made before with this key, and is ${shown.status}.`
}
