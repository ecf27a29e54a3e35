import { ASHA, paidOrder, type World } from '../support/world.ts'

const MINUTE = 60_000

/** Three orders of a day: one receipt is read, one is held, and one has no phone to go to. */
export async function someTrade(world: World): Promise<void> {
  world.karibu.customerWrites(ASHA)
  await world.run(MINUTE)
  await world.shopSends('woocommerce', paidOrder())
  await world.run(MINUTE)
  await world.shopSends(
    'woocommerce',
    paidOrder({ id: '8', number: 'DUKA-8', customer: { name: 'Juma', phone: '0754 000 111' } }),
  )
  await world.shopSends(
    'woocommerce',
    paidOrder({ id: '9', number: 'DUKA-9', customer: { name: 'Neema', phone: null } }),
  )
  await world.run(MINUTE)
}
