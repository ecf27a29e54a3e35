/** The little that pages do by themselves: without it they show and do the same, but nothing is copied or renewed. */
export const SCRIPT = `'use strict'
for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]')
  if (!button) return
  const field = document.getElementById(button.dataset.copy)
  field.select()
  try {
    await navigator.clipboard.writeText(field.value)
  } catch {
    document.execCommand('copy')
  }
  document.getElementById(button.dataset.copy + '-told').textContent = button.dataset.told
})

// A page that nobody sees asks for nothing; and while somebody reads a table or stands on a link in it, the live part keeps still.
document.addEventListener('htmx:before:request', (event) => {
  const live = event.target
  if (document.hidden) event.preventDefault()
  if (live.matches('[data-still]') && (live.querySelector('details[open]') || live.contains(document.activeElement)))
    event.preventDefault()
})
`
