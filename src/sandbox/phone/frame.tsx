import type { Child } from 'hono/jsx'
import { Ticks } from './icons.tsx'
import type { Scene } from './scene.ts'

/** The whole page: what to try on the left, a phone, and the toy shop; a narrow screen shows one of the last two. */
export function Frame({ scene, phone, shop }: { scene: Scene; phone: Child; shop: Child }) {
  const { words, language, chat } = scene
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false}' />
        <title>{chat ? `${chat.person.name} · ${words.title}` : words.title}</title>
        <link rel="icon" href="/phone/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/phone/assets/phone.css" />
        <script src="/phone/assets/htmx.js" defer />
        <script src="/phone/assets/phone.js" defer />
      </head>
      <body class={`show-${scene.show} ${chat ? 'in-chat' : ''}`}>
        <a class="skip" href="#phone">
          {words.skip}
        </a>
        <TopBar scene={scene} />
        <p id="gone" role="alert" hidden>
          {words.gone}
        </p>
        <main>
          <Guide scene={scene} />
          <section id="phone" class="phone" aria-label={words.title}>
            {phone}
          </section>
          <section class="shop" aria-label={words.toyShop}>
            {shop}
          </section>
        </main>
      </body>
    </html>
  )
}

function TopBar({ scene: { words, language, show, dashboard } }: { scene: Scene }) {
  const other = language === 'en' ? 'sw' : 'en'
  return (
    <header class="bar">
      <nav aria-label={words.title}>
        <a href="/phone" aria-current={show === 'phone' ? 'page' : undefined}>
          {words.phones}
        </a>
        <a class="to-shop" href="/phone/shop" aria-current={show === 'shop' ? 'page' : undefined}>
          {words.toyShop}
        </a>
        {dashboard && <a href={dashboard.url}>{words.dashboard}</a>}
      </nav>
      <form method="post" action="/phone/language">
        <button name="language" value={other} lang={other}>
          {words.otherLanguage}
        </button>
      </form>
    </header>
  )
}

function Guide({ scene: { words, dashboard } }: { scene: Scene }) {
  return (
    <aside class="guide" aria-label={words.guideTitle}>
      <h2>{words.guideTitle}</h2>
      <p>{words.guideIntro}</p>
      <ol>
        {words.steps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <h3>{words.ticksTitle}</h3>
      <ul class="legend">
        {(['sent', 'delivered', 'read'] as const).map((status) => (
          <li>
            <Ticks status={status} /> {words.status[status]}
          </li>
        ))}
      </ul>
      {dashboard && (
        <>
          <h3>{words.dashboardTitle}</h3>
          <p>
            <a href={dashboard.url}>{words.openDashboard}</a>
          </p>
          {dashboard.token === undefined ? (
            <p>{words.ownToken}</p>
          ) : (
            <p>
              {words.pasteToken} <code>{dashboard.token}</code>
            </p>
          )}
        </>
      )}
    </aside>
  )
}
