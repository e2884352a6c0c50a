// Who writes something by which somebody could be recognised is told once, and may go on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Warned, warnedOf } from '../../static/pwa/lib/warned.js'

const NHS = 'He is 943 476 5919.'

test('the writer is told of a number once, and of another one again', () => {
  const warned = new Warned()

  assert.deepEqual(warned.unknown(NHS), ['nhs-number'])
  warned.tell(NHS)
  assert.deepEqual(warned.unknown(`${NHS} Good.`), [])
  assert.deepEqual(warned.unknown(`${NHS} She is 450 557 7104.`), ['nhs-number'])
})

test('what was kept all the same is told in the history, and what was taken out is not', () => {
  const warned = new Warned()
  warned.tell(NHS)

  assert.deepEqual(warned.kept(`${NHS} Good.`), ['nhs-number'])
  assert.deepEqual(warned.kept('He is well.'), [])
})

test('what stands already warns nobody, and nobody is said to have been warned of it', () => {
  const warned = new Warned()

  assert.deepEqual(warned.unknown(`${NHS} Good.`, NHS), [])
  assert.deepEqual(warned.kept(`${NHS} Good.`), [])
})

test('a text that waited is known when it is looked at again', () => {
  const warned = new Warned()
  warned.tell(NHS)

  assert.deepEqual(new Warned(warned.known).unknown(NHS), [])
})

test('a payload says what its writer was warned of, each once, and nothing where there was nothing', () => {
  assert.deepEqual(warnedOf([]), {})
  assert.deepEqual(warnedOf(['phone-number', 'nhs-number', 'phone-number']), { warned: ['nhs-number', 'phone-number'] })
})
