import { wordsOf } from './language.ts'

export const shellWords = wordsOf({
  skip: { en: 'Skip to the content', sw: 'Ruka hadi kwenye maudhui' },
  sections: { en: 'Sections', sw: 'Sehemu' },
  overview: { en: 'Overview', sw: 'Muhtasari' },
  messages: { en: 'Messages', sw: 'Ujumbe' },
  conversations: { en: 'Conversations', sw: 'Mazungumzo' },
  events: { en: 'Events', sw: 'Matukio' },
  rules: { en: 'Rules', sw: 'Kanuni' },
  shops: { en: 'Shops', sw: 'Maduka' },
  more: { en: 'More', sw: 'Zaidi' },
  otherLanguage: { en: 'Kiswahili', sw: 'English' },
  signIn: { en: 'Sign in', sw: 'Ingia' },
  signOut: { en: 'Sign out', sw: 'Ondoka' },
  signedInAs: { en: 'Signed in with', sw: 'Umeingia kwa' },
  token: { en: 'API token', sw: 'Tokeni ya API' },
  tokenHelp: {
    en: 'The token your shop was given. It is not kept in this browser; you stay signed in for 12 hours at most.',
    sw: 'Tokeni ambayo duka lako limepewa. Haihifadhiwi kwenye kivinjari hiki; utabaki ndani kwa saa 12 tu.',
  },
  welcome: {
    en: 'See what became of every receipt.',
    sw: 'Ona kila risiti imefikia wapi.',
  },
  unknownToken: {
    en: 'This token is not known. Look whether all of it was copied.',
    sw: 'Tokeni hii haijulikani. Angalia kama imenakiliwa yote.',
  },
  tooMany: {
    en: (seconds: number) => `Too many wrong tokens came from here. Try again in ${seconds} seconds.`,
    sw: (seconds: number) => `Tokeni nyingi zisizo sahihi zimetoka hapa. Jaribu tena baada ya sekunde ${seconds}.`,
  },
  sessionOver: {
    en: 'You were signed out, after 12 hours or because the token was taken back. Sign in to go on.',
    sw: 'Umeondolewa, baada ya saa 12 au kwa sababu tokeni imefutwa. Ingia ili kuendelea.',
  },
  back: { en: 'Back', sw: 'Rudi' },
  toMessages: { en: 'To the messages', sw: 'Nenda kwenye ujumbe' },
})

/** The failures people meet, by their code; where there is no text, what the error itself says is shown. */
export const failureWords = wordsOf({
  notFoundTitle: { en: 'There is nothing here', sw: 'Hakuna kitu hapa' },
  notFound: {
    en: 'The address leads nowhere, or what it showed is not kept any more.',
    sw: 'Anwani hii haielekei popote, au kilichokuwepo hakihifadhiwi tena.',
  },
  forbiddenTitle: { en: 'Your token may not do this', sw: 'Tokeni yako hairuhusiwi kufanya hivi' },
  forbidden: {
    en: 'Ask whoever runs Risiti for a token that may, and sign in with that one.',
    sw: 'Omba tokeni inayoruhusiwa kwa anayesimamia Risiti, kisha ingia nayo.',
  },
  forgedTitle: { en: 'This did not come from our page', sw: 'Hili halikutoka kwenye ukurasa wetu' },
  forged: {
    en: 'Nothing was changed. Go back, load the page again and repeat what you did.',
    sw: 'Hakuna kilichobadilishwa. Rudi, pakia ukurasa upya na urudie ulichofanya.',
  },
  badTitle: { en: 'This is not understood', sw: 'Hili halieleweki' },
  badFilter: {
    en: 'One of the filters is not as it should be.',
    sw: 'Moja ya vichujio si sahihi.',
  },
  conflictTitle: { en: 'This is not possible now', sw: 'Hili haliwezekani sasa' },
  conflict: {
    en: 'Things have moved on since the page was shown. Nothing was changed.',
    sw: 'Mambo yamebadilika tangu ukurasa ulipoonyeshwa. Hakuna kilichobadilishwa.',
  },
  failedTitle: { en: 'Something went wrong on our side', sw: 'Kuna hitilafu upande wetu' },
  failed: {
    en: 'It has been written to the log. Try again in a moment.',
    sw: 'Imeandikwa kwenye kumbukumbu. Jaribu tena baada ya muda mfupi.',
  },
  diskFull: {
    en: 'The disk is almost full: nothing is changed until there is room again.',
    sw: 'Diski imekaribia kujaa: hakuna kitakachobadilishwa hadi nafasi ipatikane.',
  },
})
