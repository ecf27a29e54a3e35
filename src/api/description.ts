import { PROBLEMS } from '../http/problems.ts'

const rows = Object.entries(PROBLEMS).map(([code, { status, means }]) => `| \`${code}\` | ${status} | ${means} |`)

/** The head of the reference (Markdown). */
export const API_DESCRIPTION = `What became of every receipt: look it up, send by hand, settle what is uncertain, try rules out.

Each request carries a token: \`Authorization: Bearer <token>\`, the one in \`RISITI_API_TOKEN\`, or one made by
\`risiti token create\` with the scope \`read\`, \`send\` or \`admin\`. Press **Authorize**, paste it, and **Execute** asks
this very service. What sends, sends.

Lists answer \`{"items": […], "next_cursor": …}\`, newest first: read on with \`cursor\` until \`next_cursor\` is \`null\`.
Times are ISO 8601 in UTC, amounts decimal text. A contact is the digits of an international number.

Errors answer \`{"error": {"code", "message", "details"?}}\`. \`code\` is a promise, \`message\` is for people.

<details>
<summary>Every code</summary>

| code | status | means |
| --- | --- | --- |
${rows.join('\n')}

</details>
`

/** In the order of the reference. */
export const API_TAGS = [
  { name: 'Messages', description: 'The receipts and images: what became of each, and what can be done with it' },
  { name: 'Conversations', description: 'Each contact’s 24-hour window' },
  { name: 'Events', description: 'What came in, and what it led to' },
  { name: 'Rules', description: 'Rules tried on what came in' },
  { name: 'Orders', description: 'The link by which the buyer asks for a receipt' },
  { name: 'Stats', description: 'Counts, and what keeps things from going out' },
]
