// A browser's IndexedDB for Node. It is installed among the tools, which are not where Node would look.
import { webcrypto } from 'node:crypto'
import { createRequire } from 'node:module'

const tools = createRequire(new URL('../../.tools/package.json', import.meta.url))
tools('fake-indexeddb/auto')
globalThis.crypto ??= /** @type {any} */ (webcrypto)

/** All databases are gone, as on a new machine. */
export const forgetEverything = () => {
  globalThis.indexedDB = new (tools('fake-indexeddb').IDBFactory)()
}
