// Draws an element again when what it shows has changed.

/** A Lit controller: the element is drawn again after each `change` of the things it watches. */
export class Watching {
  #host
  #things
  #watched = []

  /**
   * @param {import('../vendor/lit.js').LitElement} host
   * @param {() => (EventTarget | undefined)[]} things asked for after each drawing, since they may be replaced
   */
  constructor(host, things) {
    this.#host = host
    this.#things = things
    host.addController(this)
  }

  hostConnected() { this.#host.requestUpdate() }

  hostUpdated() { this.#watch(this.#things()) }

  hostDisconnected() { this.#watch([]) }

  #changed = () => this.#host.requestUpdate()

  #watch(things) {
    for (const thing of this.#watched) if (!things.includes(thing)) thing.removeEventListener('change', this.#changed)
    for (const thing of things) if (thing && !this.#watched.includes(thing)) thing.addEventListener('change',
      this.#changed)
    this.#watched = things.filter(Boolean)
  }
}
