// "Saved on this phone, 21:04" or "Sent, 21:04": said only when it is so.
import { html } from '../vendor/lit.js'
import { briefly } from '../lib/time.js'
import { deviceWord, t } from '../lib/words.js'
import { icon } from './icons.js'

/** @param {{state: 'local' | 'sent' | 'confirmed', at: string}} saved */
export const savedLine = ({ state, at }) => state === 'confirmed'
  ? html`<p class="state">${icon('sent')}${t('saved.sent', { at: briefly(at) })}</p>`
  : html`<p class="state">${icon('saved')}${t('saved.here', { at: briefly(at), device: deviceWord() })}</p>`
