// Draws an element again when what it shows has changed.

/** A Lit controller: the element is drawn again after each `change` of the things it watches. */
export class Watching {
  #host
  #things
  #concerns
  #watched = []

  /**
   * @param {import('../vendor/lit.js').LitElement} host
   * @param {() => (EventTarget | undefined)[]} things asked for after each drawing, since they may be replaced
   * @param {(change: any) => boolean} [concerns] whether a change is one that the element shows
   */
  constructor(host, things, concerns = () => true) {
    this.#host = host
    this.#things = things
    this.#concerns = concerns
    host.addController(this)
  }

  hostConnected() { this.#host.requestUpdate() }

  hostUpdated() { this.#watch(this.#things()) }

  hostDisconnected() { this.#watch([]) }

  #changed = change => {
    if (this.#concerns(change)) this.#host.requestUpdate()
  }

  #watch(things) {
    for (const thing of this.#watched) if (!things.includes(thing)) thing.removeEventListener('change', this.#changed)
    for (const thing of things) if (thing && !this.#watched.includes(thing)) thing.addEventListener('change',
      this.#changed)
    this.#watched = things.filter(Boolean)
  }
}
