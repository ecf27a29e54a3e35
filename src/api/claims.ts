import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { qrPng, qrSvg } from '../receipts/qr-image.ts'
import * as example from './examples.ts'
import * as schema from './schemas/claims.ts'
import { type ApiDeps, json, problems, security } from './shared.ts'

const params = z.object({
  shop: z.string().min(1).max(100).openapi({ description: 'The shop’s id in the configuration' }),
  order: z.string().min(1).max(200).openapi({ description: 'The order’s id, or its number' }),
})
const image = (type: string) => ({
  200: { description: 'The link as a QR code', content: { [type]: { schema: z.string() } } },
})

export function addClaimRoutes(api: OpenAPIHono, { claimLinks, require, publicUrl }: ApiDeps): void {
  const route = {
    method: 'get' as const,
    tags: ['Orders'],
    security,
    middleware: require('read', 'send'),
    request: { params },
  }
  const others = problems('body.invalid', 'shop.unknown', 'order.unknown', 'order.ambiguous', 'claim.not_possible')

  api.openapi(
    createRoute({
      ...route,
      operationId: 'getClaimLink',
      path: '/orders/{shop}/{order}/claim',
      summary: 'The link by which the buyer of an order asks for its receipt',
      responses: { 200: json(schema.claimLink, 'The link and its code', example.claim), ...others },
    }),
    async (c) => {
      const { shop, order: asked } = c.req.valid('param')
      const claim = await claimLinks.find(shop, asked)
      const own = `${publicUrl}/v1/orders/${encodeURIComponent(shop)}/${encodeURIComponent(asked)}/claim`
      return c.json(
        {
          code: claim.code,
          link: claim.link,
          expires_at: new Date(claim.expiresAt).toISOString(),
          claimed_at: claim.claimedAt === null ? null : new Date(claim.claimedAt).toISOString(),
          usable: claim.whyNot === null,
          why_not: claim.whyNot,
          qr_svg: `${own}.svg`,
          qr_png: `${own}.png`,
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      ...route,
      operationId: 'getClaimSvg',
      path: '/orders/{shop}/{order}/claim.svg',
      summary: 'The same link as a QR code (SVG)',
      responses: { ...image('image/svg+xml'), ...others },
    }),
    async (c) => {
      const { shop, order } = c.req.valid('param')
      const claim = await claimLinks.find(shop, order)
      return c.body(qrSvg(claim.link), 200, { 'content-type': 'image/svg+xml' })
    },
  )

  api.openapi(
    createRoute({
      ...route,
      operationId: 'getClaimPng',
      path: '/orders/{shop}/{order}/claim.png',
      summary: 'The same link as a QR code (PNG)',
      responses: { ...image('image/png'), ...others },
    }),
    async (c) => {
      const { shop, order } = c.req.valid('param')
      const claim = await claimLinks.find(shop, order)
      return c.body(new Uint8Array(qrPng(claim.link)), 200, { 'content-type': 'image/png' })
    },
  )
}
