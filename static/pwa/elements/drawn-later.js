// What is drawn a moment later, so that a cheap phone first shows what matters more.
import { LitElement } from '../vendor/lit.js'
import { frames } from '../lib/frames.js'

/** One of many cards on a screen: it lets others be drawn before it, and a tap be painted before what follows from it. */
export class DrawnLater extends LitElement {
  #tapped

  constructor() {
    super()
    /** How many frames its first drawing lets others go before. */
    this.wait = 0
  }

  scheduleUpdate() {
    const before = this.hasUpdated ? this.#tapped : this.wait ? frames(this.wait) : undefined
    return before ? before.then(() => super.scheduleUpdate()) : super.scheduleUpdate()
  }

  /** Something was just tapped that shows by itself that it was. */
  tapped() {
    this.#tapped = frames(1).then(() => { this.#tapped = undefined })
  }
}
