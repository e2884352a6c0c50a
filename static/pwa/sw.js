// Keeps one complete version of the app on the device, so that it starts with no network. It knows nothing else:
// no API reply ever passes through here. The server fills in the version and its files.
'use strict'

const VERSION = '{{version}}'
const FILES = '{{files}}'.split(' ').map((listed) => listed.split('#'))
const CACHE = `milieu-${VERSION}`
const PAGE = `/pwa/${VERSION}/later.html`

addEventListener('install', (event) => {
  // Taking over from nothing needs no leave; taking over from another version is the person's to say.
  event.waitUntil(keepAll())
})

addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([clients.claim(), dropOthers()]))
})

addEventListener('message', (event) => {
  if (event.data?.type === 'use-new-version') event.waitUntil(skipWaiting())
})

addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && url.pathname === '/') return event.respondWith(openPage(event))
  if (url.pathname.startsWith('/pwa/')) return event.respondWith(openFile(request))
})

/** The start page from the device; where the browser has thrown the files out, from the network, to be kept again. */
async function openPage(event) {
  const [page] = await Promise.all([caches.match(PAGE, { cacheName: CACHE }), dropOthers()])
  if (page) return page
  event.waitUntil(keepAll().catch(() => undefined)) // no network, or a newer version's server: nothing to keep
  return fetch(event.request)
}

/** A file from the device, whichever version asks: a page opened before an update goes on with its own. */
async function openFile(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}

/** Takes the complete version or nothing of it. */
async function keepAll() {
  try {
    const cache = await caches.open(CACHE)
    await Promise.all(FILES.map(([path, integrity]) => keep(cache, `/pwa/${VERSION}/${path}`, integrity)))
  } catch (problem) {
    await caches.delete(CACHE)
    throw problem
  }
}

/** Asks the server even when the browser has a copy, and takes nothing but the very bytes that belong to the version. */
async function keep(cache, address, integrity) {
  const response = await fetch(address, { cache: 'no-cache', integrity, credentials: 'omit' })
  if (response.status !== 200 || response.redirected) throw new Error(`${address}: ${response.status}`)
  await cache.put(address, response)
}

/** Drops other versions once no page is open that could still ask for their files, and none is being prepared. */
async function dropOthers() {
  const others = (await caches.keys()).filter((name) => name.startsWith('milieu-') && name !== CACHE)
  if (others.length === 0 || registration.installing || registration.waiting) return
  const open = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (open.length === 0) await Promise.all(others.map((name) => caches.delete(name)))
}
