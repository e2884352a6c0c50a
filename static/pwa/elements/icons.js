// Our drawings: the mark and the icons, as SVG templates.
import { html, svg } from '../vendor/lit.js'

const paths = {
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  audit: 'M6 3h12v18H6zM9 8h6M9 12h6M9 16h3',
  sides: 'M4 5h16v14H4zM12 5v14M7 9h2M7 13h2M15 9h2M15 13h2',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  saved: 'M12 4v10M8 10l4 4 4-4M5 19h14',
  sent: 'M5 13l4.5 4.5L19 7',
  sending: 'M12 20V6M6 11l6-6 6 6',
  cannot: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  next: 'M9 5l7 7-7 7',
  back: 'M15 5l-7 7 7 7',
  differ: 'M8 5l-5 5 5 5M3 10h8M16 9l5 5-5 5M21 14h-8',
  people: 'M9 11a3 3 0 100-7 3 3 0 000 7zM3 20c0-4 3-6 6-6s6 2 6 6M16 5a3 3 0 010 6M18 14.5c2 1 3 3 3 5.5',
  device: 'M7 3h10v18H7zM11 18h2',
  history: 'M4 12a8 8 0 108-8c-3 0-5.5 1.6-7 4M4 4v4h4M12 8v4l3 2',
  out: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  language: 'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9',
  info: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5M12 8h.01',
  plus: 'M12 5v14M5 12h14',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4M12 11v6M9 14l3 3 3-3',
  minus: 'M5 12h14',
  blur: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 8h.01M8.5 11h.01M15.5 11h.01M12 12h.01M9 15h.01M15 15h.01M12 16h.01',
  camera: 'M4 8h4l1.5-3h5L16 8h4v11H4zM12 16.5a3.25 3.25 0 100-6.5 3.25 3.25 0 000 6.5z',
  speech: 'M4 5h16v11H11l-4 4v-4H4zM8 9h8M8 12h5',
  page: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
  count: 'M6 5v14M10 5v14M14 5v14M18 5v14M3 16L21 8',
  evidence: 'M10.5 17a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM15.5 15.5L21 21M7.5 10.5l2.25 2.25 4-4',
  plan: 'M4 6l2 2 3-4M4 13l2 2 3-4M13 6h7M13 13h7M4 20h16',
  awards: 'M12 14a5.5 5.5 0 100-11 5.5 5.5 0 000 11zM8.5 12.5L7 21l5-2.5L17 21l-1.5-8.5',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 100-6 3 3 0 000 6z',
}

/** A small drawing beside words; it says nothing by itself. @param {keyof typeof paths} name */
export const icon = name => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path
  d=${paths[name]}></path></svg>`

/** The mark: ten dots in a ring, from near to far. */
export const mark = () => html`<svg viewBox="0 0 100 100" aria-hidden="true">${[...Array(10).keys()].map(n => svg`
  <circle cx=${round(50 + 38 * Math.sin(n * 0.6283))} cy=${round(50 - 38 * Math.cos(n * 0.6283))} r="9"
    opacity=${round(1 - n * 0.07)}></circle>`)}</svg>`

const round = number => Math.round(number * 100) / 100
