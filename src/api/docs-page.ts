/** The page of the reference. Its addresses are relative, so that it also works below a proxy's folder. */
export function pageHtml(addressOf: (name: string) => string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Risiti: API reference</title>
    <link rel="icon" href="${addressOf('icon.png')}">
    <link rel="stylesheet" href="${addressOf('swagger-ui.css')}">
    <link rel="stylesheet" href="${addressOf('page.css')}">
    <script defer src="${addressOf('swagger-ui.js')}"></script>
    <script defer src="${addressOf('page.js')}"></script>
  </head>
  <body>
    <main id="reference"><noscript>This page needs JavaScript. <a href="openapi.json">openapi.json</a> says the same.</noscript></main>
  </body>
</html>
`
}

/** What Swagger UI leaves undone: tables wider than a phone, and dark words on a dark ground. */
export const PAGE_STYLE = `body { margin: 0 }
.swagger-ui :is(.markdown, .renderedMarkdown) table { display: block; overflow-x: auto }
.swagger-ui :is(.markdown, .renderedMarkdown) :is(th, td) { padding-right: 16px }
.swagger-ui summary { cursor: pointer; font-weight: bold }
html.dark-mode .swagger-ui .examples-select__section-label { color: inherit }
`

/** Requests go to where the page was opened, whatever public_url is: its policy lets them go nowhere else. */
export const PAGE_SCRIPT = `const place = document.getElementById('reference')
const here = new URL('.', location.href).href.replace(/\\/$/, '')
const dark = matchMedia('(prefers-color-scheme: dark)')
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', paint)
paint()

async function show() {
  const answer = await fetch(here + '/openapi.json')
  if (!answer.ok) throw new Error('openapi.json: ' + answer.status)
  const spec = await answer.json()
  SwaggerUIBundle({
    domNode: place,
    spec: { ...spec, servers: [{ url: here }] },
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: 'list',
    tryItOutEnabled: true,
    validatorUrl: null,
  })
}

show().catch((error) => {
  place.textContent = 'The reference cannot be shown: ' + error.message
})
`
