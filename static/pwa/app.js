// Starts the app: this device, the person on it, their copy, the sync, the screens, and the worker.
import { html, nothing, render } from './vendor/lit.js'
import { announce } from './elements/announce.js'
import { icon, mark } from './elements/icons.js'
import { flushDrafts, refused, settle } from './lib/drafts.js'
import { find } from './lib/find.js'
import { forgetPlace, lastPlace } from './lib/place.js'
import { language, t, useAllWords, useLanguage } from './lib/words.js'
import { Router, hasRoute, match } from './routes.js'
import { openDevice } from './store/device.js'

const root = find(document, '#app')

/** What every view is given. @type {import('./routes.js').App} */
const app = {
  device: undefined,
  store: undefined,
  sync: undefined,
  get route() { return router.route },
  get demo() { return app.store?.home?.demo ?? demo !== undefined },
  version: new URL(import.meta.url).pathname.split('/')[2],
  hasRoute,
  go(hash) {
    if (location.hash === hash) router.open()
    else location.hash = hash
  },
  signIn,
  signOut,
  speak,
}

let router
const { demo } = document.documentElement.dataset
let taken = false
const notices = new Map()

/** Signs in by e-mail and password, or by an invitation. Throws the server's problem, or Offline. */
async function signIn(credentials) {
  const same = app.store?.person.id
  const session = await import('./sync/session.js')
  const { handle, person } = await session.signIn({ device: app.device, deviceName: deviceName(), same }, credentials)
  if (same) app.sync.now()
  else await enter({ handle, person })
  app.store.persist().catch(() => {})
  const leads = match(location.hash)
  if (!leads || leads.open) app.go('#/')
  else router.open()
}

/** Opens this person's copy. */
async function enter({ handle, person }) {
  const [{ openStore }, { Sync }] = await Promise.all([import('./store/store.js'), import('./sync/sync.js'),
    import('./elements/sync-status.js'), import('./elements/tab-bar.js'), useAllWords()])
  app.sync?.stop()
  app.store = await openStore({ handle, person, device: app.device })
  app.sync = new Sync({ store: app.store, device: app.device })
  app.store.addEventListener('change', drawSoon)
  app.store.addEventListener('closed', closed)
  app.sync.start()
  draw()
}

/** Leaves nothing readable behind; what is unsent waits for the same person. */
async function signOut() {
  await flushDrafts()
  const { store, sync } = app
  app.store = app.sync = undefined
  store.removeEventListener('closed', closed)
  for (const name of [...refused.keys()]) settle(name)
  forgetPlace()
  const session = await import('./sync/session.js')
  await session.signOut({ device: app.device, store, sync })
  await endOwed()
  app.go('#/sign-in')
  draw()
}

/** Tells the server of a sign-out, now or when there is a network again. */
async function endOwed() {
  if (!app.device.endSessionOwed) return
  const { Sync } = await import('./sync/sync.js')
  app.sync = new Sync({ store: null, device: app.device })
  app.sync.start()
}

/** Another tab has signed out, or a newer version there needs the database: this page must start again. */
function closed() {
  notices.set('closed', html`<div class="notice" data-kind="problem"><p>${t('app.closed')}</p>
    <p><button class="button" @click=${() => location.reload()}>${t('app.start-again')}</button></p></div>`)
  announce(t('app.closed'))
  draw()
}

/** Another language, at once and on every screen. */
async function speak(name) {
  await useLanguage(name)
  await app.device.setLanguage(language)
  app.sync?.now()
  draw()
  router.open()
}

/** The frame around every screen. */
function draw() {
  const place = lastPlace(app.store?.person.id)
  const known = app.store?.whereIs(place?.audit)
  const compares = app.store?.home?.organisations.some(({ may }) => may.includes('dashboard.see'))
  const planned = plannedSite(known)
  const judges = app.store?.home?.organisations.some(({ awards, may }) => awards && may.includes('submission.see'))
  const places = [
    { id: 'home', href: '#/' },
    ...(known ? [{ id: 'audit', href: `#/audits/${place.audit}` }] : []),
    ...(planned ? [{ id: 'plan', href: `#/sites/${planned}/plan` }] : []),
    ...(compares && hasRoute('/dashboard') ? [{ id: 'sides', href: '#/dashboard' }] : []),
    ...(judges ? [{ id: 'awards', href: '#/submissions' }] : []),
    { id: 'more', href: '#/more' },
  ]
  root.toggleAttribute('data-bare', !app.store)
  render(html`
    <a class="skip" href="#main" @click=${skip}>${t('app.skip')}</a>
    <header class="bar"><a class="brand" href="#/">${mark()}<span>${t('app.name')}</span></a>
      ${app.store ? html`<sync-status .store=${app.store} .sync=${app.sync}></sync-status>` : nothing}</header>
    ${app.store ? html`<tab-bar .places=${places} current=${router.route?.place ?? ''}></tab-bar>` : nothing}
    <div class="bands">${app.demo
      ? html`<aside class="band" aria-label=${t('app.demo-label')}><p>${t('app.demo')}</p></aside>` : nothing}
      ${language === 'cy'
        ? html`<aside class="band" aria-label=${t('app.draft-label')}><p>${t('app.draft')}</p></aside>` : nothing}</div>
    ${notices.size ? html`<section class="notices" aria-label=${t('app.notices')}>${[...notices.values()]}</section>`
      : nothing}
    <main id="main" tabindex="-1"></main>
    <div id="spoken" class="unseen" role="status"></div>`, root)
}

/** Whose plan the bar leads to: where one was last, else the first place that one may look at. */
function plannedSite(last) {
  const seen = app.store?.home?.sites.filter(({ may }) => may.includes('audit.see')) ?? []
  return seen.find(({ id }) => id === last)?.id ?? seen[0]?.id
}

let drawing
function drawSoon() {
  drawing ??= requestAnimationFrame(() => {
    drawing = undefined
    if (app.device) draw()
  })
}

/** A link to the content would look like a route, so it moves the focus itself. */
function skip(event) {
  event.preventDefault()
  find(document, '#main').focus()
}

/** A whole screen of words, for when there is no view to show. */
function page(title, text, action) {
  const view = document.createElement('div')
  render(html`<header class="head"><h1 tabindex="-1">${title}</h1></header><p>${text}</p>
    ${action ? html`<p><button class="button" data-main @click=${action.act}>${action.words}</button></p>`
      : html`<p><a class="button" data-main href="#/">${t('app.to-home')}</a></p>`}`, view)
  return view
}

/** "Rowan's phone" would be a guess; the browser and what it runs on is what people recognise in a list of devices. */
function deviceName() {
  const agent = navigator.userAgent
  const browser = [['Edg/', 'Edge'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/',
    'Safari']].find(([sign]) => agent.includes(sign))?.[1] ?? 'Browser'
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac', 'CrOS', 'Linux'].find(name => agent.includes(name))
  return system ? `${browser}, ${system}` : browser
}

/**
 * The worker holds the app for starting offline. A new version waits until somebody says so: nothing is swapped under
 * their hands.
 */
async function startWorker() {
  if (!navigator.serviceWorker) return
  const policy = globalThis.trustedTypes?.createPolicy('sw', {
    createScriptURL(url) {
      if (url === '/sw.js') return url
      throw new TypeError('only the worker is registered')
    },
  })
  const url = '/sw.js'
  const registration = await navigator.serviceWorker.register(policy?.createScriptURL(url) ?? url)
  const controlled = Boolean(navigator.serviceWorker.controller)
  const ready = () => {
    if (registration.waiting && navigator.serviceWorker.controller) offerVersion(() =>
      registration.waiting?.postMessage({ type: 'use-new-version' }))
  }
  ready()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', ready))
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (taken) location.reload()
    else if (controlled) offerVersion(() => location.reload())
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {})
  })
}

/** @param {() => void} take */
function offerVersion(take) {
  const use = async () => {
    await flushDrafts()
    if (refused.size) return app.go('#/unsent')
    taken = true
    take()
  }
  notices.set('version', html`<div class="notice"><p>${t('app.new-version')}</p>
    <div class="row"><button class="button" @click=${use}>${t('app.use-new')}</button>
    <button class="linklike"
      @click=${() => { notices.delete('version'); draw() }}>${t('app.later')}</button></div></div>`)
  announce(t('app.new-version'))
  draw()
}

async function start() {
  router = new Router({
    app,
    outlet: () => document.querySelector('#main'),
    moved: draw,
    slow: is => {
      if (is === notices.has('opening')) return
      if (is) notices.set('opening', html`<p class="busy">${t('app.opening')}</p>`)
      else notices.delete('opening')
      draw()
    },
    failed: (problem, again) => {
      console.error(problem)
      return page(t('app.failed-title'), t('app.failed'), { words: t('app.try-again'), act: again })
    },
    nowhere: () => page(t('app.nowhere-title'), t('app.nowhere')),
  })
  root.replaceChildren()
  await useLanguage(navigator.languages?.some(name => name.startsWith('cy')) ? 'cy' : 'en')
  try {
    app.device = await openDevice()
    if (app.device.language) await useLanguage(app.device.language)
    if (app.device.current) {
      match(location.hash)?.load().catch(() => {}) // beside what it will show; asked for again where it is shown
      await enter(app.device.current)
    } else endOwed()
  } catch (/** @type {any} */ problem) {
    console.error(problem)
    draw()
    document.querySelector('#main').replaceChildren(page(t('app.storage-title'), t(`app.storage-${problem.reason
      ?? 'closed'}`),
      { words: t('app.try-again'), act: () => location.reload() }))
    return
  }
  draw()
  await router.open({ focus: false })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flushDrafts()
  })
  addEventListener('pagehide', () => flushDrafts())
  addEventListener('beforeunload', event => {
    if (refused.size) event.preventDefault()
  })
  startWorker().catch(problem => console.error(problem))
}

start()
