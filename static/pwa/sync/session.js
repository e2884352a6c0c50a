// Signing in and out: who uses this device, and what stays on it afterwards.
import { openStore } from '../store/store.js'
import { Api, Problem } from './api.js'

/**
 * Signs in with {email, password}, or joins with {invitation, secret, name, password}. The same person finds their
 * unsent work under the same handle.
 * @param {{device: import('../store/device.js').Device, deviceName: string, same?: string, fetch?:
 * import('./api.js').Fetch}} where `same`: the id of the person whose session had ended; anybody else is refused
 * (Problem '/problems/another-person') and signed out
 * @param {{[field: string]: string}} credentials
 * @returns {Promise<{handle: string, person: import('../store/device.js').Person}>} rejects with Problem or Offline
 */
export const signIn = async ({ device, deviceName, same, fetch }, credentials) => {
  const api = new Api({ fetch })
  await endOwedSession(device, api)
  const { body } = await api.post('/api/session', { ...credentials, device: { id: device.id, name: deviceName } })
  if (same && body.person.id !== same) {
    await api.delete('/api/session').catch(() => {})
    throw new Problem(
      {
        type: '/problems/another-person',
        title: 'Somebody else is using this device',
        detail: 'Sign out first; what is unsent stays on this device.',
      },
      403
    )
  }
  await forgetOther(device, body.person.id)
  return { handle: await device.signIn(body.person), person: body.person }
}

/**
 * Signs out, with a network or without: nothing readable stays but unsent work. The server is told by the next Sync,
 * which needs no store for that (`new Sync({store: null, device})`).
 * @param {{device: import('../store/device.js').Device, store: import('../store/store.js').Store,
 *   sync: import('./sync.js').Sync}} what
 */
export const signOut = async ({ device, store, sync }) => {
  sync.stop()
  await store.forget()
  await device.signOut()
}

/**
 * Ends the session of who signed out without a network, before anybody else's begins.
 * @param {import('../store/device.js').Device} device @param {Api} api
 */
export const endOwedSession = async (device, api) => {
  await device.refresh()
  if (!device.endSessionOwed) return
  try {
    await api.delete('/api/session')
  } catch (failure) {
    const hadEnded = failure instanceof Problem && [401, 403, 404].includes(failure.status)
    if (!hadEnded) throw failure
  }
  await device.sessionEnded()
}

/**
 * Whoever was signed in here has been followed by somebody else: nothing of theirs stays readable but what is unsent.
 * @param {import('../store/device.js').Device} device @param {string} person
 */
async function forgetOther(device, person) {
  const { current } = device
  if (!current || current.person.id === person) return
  const store = await openStore({ ...current, device })
  await store.forget()
}
