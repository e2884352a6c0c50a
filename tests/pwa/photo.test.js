// What a browser adds to a JPEG of its own accord does not stay.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bare } from '../../static/pwa/lib/photo-drawing.js'

const segment = (marker, ...content) => [0xFF, marker, 0, content.length + 2, ...content]
const [START, APP0, APP14, TABLES] = [[0xFF, 0xD8], segment(0xE0, 74), segment(0xEE, 65), segment(0xDB, 1, 2, 3)]
const SCAN = [...segment(0xDA, 9), 0xFF, 0xE1, 0, 2, 7, 0xFF, 0xD9]
const jpeg = (...parts) => new Uint8Array(parts.flat()).buffer
const bytes = buffer => [...new Uint8Array(buffer)]

test('EXIF, profiles, captions and comments go, wherever they stand before the picture', () => {
  const told = [segment(0xE1, 69), segment(0xE2, 73, 67), segment(0xED, 1), segment(0xEF), segment(0xFE, 1, 2)]

  const left = bare(jpeg(START, APP0, ...told, APP14, segment(0xE1, 5), TABLES, SCAN))

  assert.deepEqual(bytes(left), [START, APP0, APP14, TABLES, SCAN].flat())
})

test('a JPEG with nothing beside the picture stays as it is, to the last byte', () => {
  const whole = jpeg(START, APP0, TABLES, SCAN)

  assert.deepEqual(bytes(bare(whole)), bytes(whole))
})
