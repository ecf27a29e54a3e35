import { z } from '@hono/zod-openapi'

export const claimLink = z
  .object({
    code: z.string().openapi({ example: '7K3M-9QZ2-XW4T-B8HD' }),
    link: z.string().openapi({ example: 'https://wa.me/255700000001?text=Risiti%207K3M-9QZ2-XW4T-B8HD' }),
    expires_at: z.string(),
    claimed_at: z.string().nullable().openapi({ description: 'When a customer wrote it; it is good for one claim' }),
    usable: z.boolean().openapi({ description: 'Whether the code still lets a receipt go' }),
    why_not: z.string().nullable().openapi({ description: 'Why it does not' }),
    qr_svg: z.string().openapi({ description: 'Address of the link as a QR code; wants the same token' }),
    qr_png: z.string(),
  })
  .openapi('ClaimLink')
