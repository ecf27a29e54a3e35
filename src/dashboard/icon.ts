/** The mark in a browser's tab: a receipt with its two ticks. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/>
<path d="M9 6h14v20l-2.3-1.7L18.3 26 16 24.3 13.7 26l-2.4-1.7L9 26z" fill="#fff"/>
<path d="M11.5 14.5l2.2 2.2 4-4.4M16.3 16.2l.5.5 4-4.4" fill="none" stroke="#0f766e" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>
`
