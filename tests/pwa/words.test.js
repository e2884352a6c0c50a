// What the app says: the same in every language, each word in one place, and none that a screen asks for is missing.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'

const APP = new URL('../../static/pwa/', import.meta.url).pathname
const PARTS = ['-first', '', '-award']
/** What is the same in Welsh: the name, and what is said in Welsh of Welsh. */
const SAME = ['app.name', 'more.draft']

const files = Object.fromEntries(await Promise.all(['en', 'cy'].flatMap(language => PARTS.map(async part =>
  [`${language}${part}`, (await import(join(APP, `words/${language}${part}.js`))).words]))))
const texts = said => typeof said === 'string' ? [said] : Object.values(said)
const places = said => [...new Set(texts(said).flatMap(text => text.match(/\{\w+\}/g) ?? []))].sort()

const withoutComments = text => text.replace(/\/\*\*[^]*?\*\//g, '')

/** The app's own modules, with what is in them. */
function* modules(folder = APP) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !['vendor', 'words', 'icons', 'styles'].includes(entry.name)) yield* modules(path)
    else if (entry.name.endsWith('.js')) yield [path, readFileSync(path, 'utf8')]
  }
}

for (const part of PARTS) {
  test(`what is said in English is said in Welsh: words${part}`, () => {
    const [english, welsh] = [files[`en${part}`], files[`cy${part}`]]

    const spoken = Object.keys(english).filter(key => !SAME.includes(key))
    assert.deepEqual(Object.keys(welsh).sort(), spoken.sort())
    for (const key of spoken) {
      assert.ok(texts(welsh[key]).every(Boolean), key)
      assert.ok(places(welsh[key]).every(place => places(english[key]).includes(place)), key)
    }
  })
}

test('each word is in one place', () => {
  const keys = PARTS.flatMap(part => Object.keys(files[`en${part}`]))

  assert.deepEqual(keys.filter((key, n) => keys.indexOf(key) !== n), [])
})

test('every word that a screen asks for by its name is there', () => {
  const known = new Set(PARTS.flatMap(part => Object.keys(files[`en${part}`])))
  const missing = [...modules()].flatMap(([path, text]) => [...withoutComments(text).matchAll(/\bt\(\s*'([^']+)'/g)]
    .filter(([, key]) => !known.has(key)).map(([, key]) => `${path.slice(APP.length)}: ${key}`))

  assert.deepEqual(missing, [])
})
