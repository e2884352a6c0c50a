// A browser's IndexedDB for Node. It is installed among the tools, which are not where Node would look.
import { createRequire } from 'node:module'
import { webcrypto } from 'node:crypto'

const tools = createRequire(new URL('../../.tools/package.json', import.meta.url))
tools('fake-indexeddb/auto')
globalThis.crypto ??= /** @type {any} */ (webcrypto)
