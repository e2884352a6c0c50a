// The screens by their hash; opens one, moves the focus to its heading, and finds the old place again on the way back.

/**
 * The last is the tab that is current.
 * @type {[pattern: string, tag: string, load: () => Promise<unknown>, place: string][]}
 */
const ROUTES = [
  ['/', 'home-view', () => import('./views/home.js'), 'home'],
  ['/sign-in', 'sign-in-view', () => import('./views/sign-in.js'), ''],
  ['/join/{invitation}/{secret}', 'join-view', () => import('./views/join.js'), ''],
  ['/sites/{site}/start', 'start-audit-view', () => import('./views/start-audit.js'), 'home'],
  ['/sites/{site}/plan', 'plan-view', () => import('./views/plan.js'), 'plan'],
  ['/sites/{site}/you-said', 'you-said-view', () => import('./views/you-said.js'), 'plan'],
  ['/audits/{audit}', 'audit-view', () => import('./views/audit.js'), 'audit'],
  ['/audits/{audit}/p/{principle}', 'principle-view', () => import('./views/principle.js'), 'audit'],
  ['/audits/{audit}/p/{principle}/{criterion}', 'principle-view', () => import('./views/principle.js'), 'audit'],
  ['/audits/{audit}/by/{lens}', 'statements-view', () => import('./views/statements.js'), 'audit'],
  ['/audits/{audit}/by/{lens}/{group}', 'statements-view', () => import('./views/statements.js'), 'audit'],
  ['/audits/{audit}/evidence', 'evidence-view', () => import('./views/evidence.js'), 'audit'],
  ['/audits/{audit}/evidence/add', 'add-evidence-view', () => import('./views/add-evidence.js'), 'audit'],
  ['/audits/{audit}/evidence/add/{criterion}', 'add-evidence-view', () => import('./views/add-evidence.js'), 'audit'],
  ['/audits/{audit}/evidence/again/{evidence}', 'add-evidence-view', () => import('./views/add-evidence.js'), 'audit'],
  ['/audits/{audit}/differences', 'differences-view', () => import('./views/differences.js'), 'audit'],
  ['/audits/{audit}/paper', 'on-paper-view', () => import('./views/on-paper.js'), 'audit'],
  ['/audits/{audit}/plan', 'plan-view', () => import('./views/plan.js'), 'plan'],
  ['/audits/{audit}/plan/{criterion}', 'plan-view', () => import('./views/plan.js'), 'plan'],
  ['/audits/{audit}/history', 'history-view', () => import('./views/history.js'), 'audit'],
  ['/audits/{audit}/award', 'submission-view', () => import('./views/submission.js'), 'audit'],
  ['/audits/{audit}/report', 'site-report-view', () => import('./views/site-report.js'), 'audit'],
  ['/audits/{audit}/kept', 'kept-view', () => import('./views/kept.js'), 'audit'],
  ['/dashboard', 'dashboard-view', () => import('./views/dashboard.js'), 'sides'],
  ['/dashboard/{side}', 'dashboard-view', () => import('./views/dashboard.js'), 'sides'],
  ['/submissions', 'submissions-view', () => import('./views/submissions.js'), 'awards'],
  ['/desk/{assessment}', 'desk-view', () => import('./views/desk.js'), 'awards'],
  ['/desk/{assessment}/p/{principle}', 'judging-view', () => import('./views/judging.js'), 'awards'],
  ['/desk/{assessment}/p/{principle}/{criterion}', 'judging-view', () => import('./views/judging.js'), 'awards'],
  ['/desk/{assessment}/visit', 'visit-view', () => import('./views/visit.js'), 'awards'],
  ['/desk/{assessment}/kept', 'kept-view', () => import('./views/kept.js'), 'awards'],
  ['/desk/{assessment}/report', 'report-view', () => import('./views/report.js'), 'awards'],
  ['/submissions/{audit}', 'panel-view', () => import('./views/panel.js'), 'awards'],
  ['/submissions/{submission}/history', 'history-view', () => import('./views/history.js'), 'awards'],
  ['/organisations/add', 'add-organisation-view', () => import('./views/add-organisation.js'), 'more'],
  ['/organisations/{organisation}', 'organisation-view', () => import('./views/organisation.js'), 'more'],
  ['/organisations/{organisation}/calibration', 'calibration-view', () => import('./views/calibration.js'), 'awards'],
  ['/organisations/{organisation}/history', 'history-view', () => import('./views/history.js'), 'more'],
  ['/check', 'check-certificate-view', () => import('./views/check-certificate.js'), 'more'],
  ['/devices', 'devices-view', () => import('./views/devices.js'), 'more'],
  ['/exports', 'exports-view', () => import('./views/exports.js'), 'more'],
  ['/unsent', 'unsent-view', () => import('./views/unsent.js'), 'more'],
  ['/more', 'more-view', () => import('./views/more.js'), 'more'],
]

/**
 * What every view is given.
 * @typedef {object} App
 * @property {import('./store/device.js').Device} device
 * @property {import('./store/store.js').Store} store nothing while nobody is signed in
 * @property {import('./sync/sync.js').Sync} sync
 * @property {ReturnType<typeof match>} route what is shown now
 * @property {boolean} demo these are made-up people and places
 * @property {string} version
 * @property {(hash: string) => boolean} hasRoute a link to a screen that does not exist is not drawn
 * @property {(hash: string) => void} go
 * @property {(credentials: Record<string, string>) => Promise<void>} signIn rejects with Problem or Offline
 * @property {() => Promise<void>} signOut
 * @property {(language: string) => Promise<void>} speak
 */

/** How long opening a screen may take before that is said, in milliseconds. */
const PATIENCE = 400

/** Screens for those who are not signed in. */
const OPEN = ['sign-in-view', 'join-view']

/**
 * What a hash leads to, or undefined. What comes after a `?` says how a screen is looked at, and is its own affair.
 * @param {string} hash with or without its `#`
 */
export function match(hash) {
  const [path] = hash.split('?')
  const parts = path.replace(/^#?\/?/, '').split('/')
  for (const [pattern, tag, load, place] of ROUTES) {
    const wanted = pattern.slice(1).split('/')
    if (wanted.length !== parts.length) continue
    const params = {}
    const fits = wanted.every((part, n) => {
      if (!part.startsWith('{')) return part === parts[n]
      params[part.slice(1, -1)] = decodeURIComponent(parts[n])
      return parts[n] !== ''
    })
    if (fits) return { tag, load, place, params, open: OPEN.includes(tag) }
  }
}

/** Whether somebody began to use the screen before this was done. @param {Promise<unknown> | undefined} done */
async function usedBefore(done) {
  const waiting = new AbortController()
  let used = false
  for (const sign of ['pointerdown', 'touchstart', 'wheel', 'keydown']) addEventListener(sign, () => { used = true },
    { capture: true, passive: true, signal: waiting.signal })
  await done
  waiting.abort()
  return used
}

/** Whether there is such a screen: a link to one that does not exist is not drawn. @param {string} hash */
export const hasRoute = hash => match(hash) !== undefined

/**
 * Follows the hash. Each visited place remembers how far it was scrolled.
 *
 * A view gets `app` and `params`; when it has `opening()`, that is awaited before it is shown, so
 * its first drawing has its heading. When it has `whole()`, it goes on drawing until that resolves.
 */
export class Router {
  #outlet
  #app
  #shown
  #turn = 0
  #places = new Map()
  #place
  #options

  /** What is shown now: the result of match(), or undefined for an address that leads nowhere. */
  route

  /**
   * @param {object} options
   * @param {() => HTMLElement} options.outlet where views are put
   * @param {object} options.app what views are given
   * @param {(route: object | undefined) => void} options.moved after another screen has been put there
   * @param {(problem: unknown, again: () => void) => HTMLElement} options.failed what to show when a
   *   screen cannot be opened
   * @param {(is: boolean) => void} options.slow whether the next screen is taking its time
   * @param {() => HTMLElement} options.nowhere what to show for an address that leads nowhere
   */
  constructor(options) {
    this.#options = options
    this.#outlet = options.outlet
    this.#app = options.app
    history.scrollRestoration = 'manual'
    addEventListener('hashchange', () => this.open())
  }

  /** Opens what the hash says. `focus` is false only for the very first screen. */
  async open({ focus = true } = {}) {
    const turn = ++this.#turn
    this.#remember()
    const route = match(location.hash)
    const asked = route && !route.open && !this.#app.store ? match('/sign-in') : route
    let view
    const slow = setTimeout(() => this.#options.slow(true), PATIENCE)
    try {
      view = asked ? await this.#make(asked) : this.#options.nowhere()
    } catch (problem) {
      view = this.#options.failed(problem, () => this.open())
    }
    clearTimeout(slow)
    if (turn !== this.#turn) return
    this.#options.slow(false)
    const before = history.state?.place
    if (before === undefined) history.replaceState({ place: Math.random() }, '')
    this.#place = history.state.place
    this.route = asked
    this.#options.moved(asked)
    this.#outlet().replaceChildren(view)
    this.#shown = view
    await view.updateComplete
    if (turn === this.#turn) await this.#arrive(view, turn, focus, this.#places.get(before))
  }

  async #make({ tag, load, params }) {
    await load()
    const view = Object.assign(document.createElement(tag), { app: this.#app, params })
    await view.opening?.()
    return view
  }

  /**
   * The heading has the focus as soon as it is seen; a place further down is found when all above it is drawn. Who has
   * begun to use the screen by then is left where they are: what they press must not move from under their finger.
   */
  async #arrive(view, turn, focus, scrolled) {
    const heading = view.querySelector('h1')
    document.title = [heading?.textContent.trim(), 'Milieu'].filter(Boolean).join(' · ')
    if (scrolled === undefined) scrollTo(0, 0)
    if (focus) heading?.focus({ preventScroll: true })
    const used = await usedBefore(view.whole?.())
    if (used || turn !== this.#turn) return
    if (scrolled !== undefined) scrollTo(0, scrolled)
    else view.arrived?.()
  }

  #remember() {
    if (this.#shown && this.#place !== undefined) this.#places.set(this.#place, scrollY)
  }
}
