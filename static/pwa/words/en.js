// The interface in English. Plain words for a tired reader; {setting} and its like are the sector's own words.

/** @type {Record<string, string | {zero?: string, one?: string, other: string}>} */
export const words = {
  'app.name': 'Milieu',
  'app.skip': 'Skip to the content',
  'app.opening': 'Opening Milieu …',
  'app.opening-view': 'Opening …',
  'app.demo': 'Demo. The people and places are made up, and anything you write may be wiped.',
  'app.draft': 'Nobody has checked these Welsh words yet. If something reads wrongly, please tell us.',
  'app.new-version': 'A new version of Milieu is ready.',
  'app.use-new': 'Use it now',
  'app.later': 'Later',
  'app.view-failed': 'This screen could not be opened. What you saved is safe.',
  'app.try-again': 'Try again',

  'device.phone': 'phone',
  'device.computer': 'computer',
  'time.today': 'today',
  'time.yesterday': 'yesterday',

  'tabs.label': 'Main',
  'tabs.home': 'Home',
  'tabs.audit': 'Audit',
  'tabs.sides': 'Side by side',
  'tabs.more': 'More',

  'sync.sent': 'Sent',
  'sync.saved': 'Saved here {n}',
  'sync.sending': 'Sending {n} …',
  'sync.cannot': 'Cannot send',
  'sync.stuck': { one: '{n} needs you', other: '{n} need you' },
  'sync.offline': 'no connection',
  'sync.sign-in': 'sign in again',
  'sync.slow-down': 'server is busy',
  'sync.unavailable': 'server is not there',
  'sync.storage-full': 'server is full',
  'sync.diverging': 'copies differ',
  'sync.repeating': 'same again and again',
  'sync.captive': 'Wi-Fi wants a sign-in',

  'saved.here': 'Saved on this {device}, {at}',
  'saved.sent': 'Sent, {at}',

  'storage.full': 'Not saved: this device is full. Your words are still here on the screen. Free some space, or take them out as a',
  'storage.closed': 'Not saved: this device did not take it. Your words are still here on the screen. Try again, or take them out as a',
  'storage.private': 'Not saved: a private window keeps nothing. Your words are still here on the screen. Take them out as a',
  'storage.rescue': 'rescue file',

  'form.wrong': 'Something is missing',
  'ask.no': 'No, go back',

  'ring.of': 'of {of}',
  'voices.n': { one: '{n} answer', other: '{n} answers' },
}
