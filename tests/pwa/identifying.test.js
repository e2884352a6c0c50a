// By what somebody could be recognised in a text: found when it is there, and seldom when it is not.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { IDENTIFYING, foundIn, identifying } from '../../static/pwa/lib/identifying.js'

const NOW = new Date(2026, 10, 23)

const HOLDS = {
  'nhs-number': [
    '943 476 5919', 'His NHS no is 943-476-5919.', '9434765919', '943 476 5919', '943‑476‑5919', '(943 476 5919)',
    'bed 4, 943 476 5919, new', '2026 943 476 5919 12', 'room 101 943 476 5919', 'NHS:943 4765919',
    '４９３ 476 5919'.replace('４９３', '９４３'),
  ],
  'prison-number': ['A1234BC', 'Talked to a1234bc at lunch', '(A1234BC)', 'A1234 BC came late', 'A1234BC’s cell'],
  'national-insurance-number': [
    'AB 12 34 56 C', 'ab123456c', 'NI JG-12-10-99-A', 'her number: PZ123456D.', 'AA 123456 B',
  ],
  'date-of-birth': [
    'dob 12/03/61', 'D.O.B. 12.3.1961', 'DOB: 12031961', 'Date of birth 12 March 1961', 'born on the 3rd of May 2015',
    'He was born 1/2/19', '12/03/1961', 'John, 12-03-1961, bed 4', '1961-03-12', '12 March 1961', 'March 12, 1961',
    '3rd Sept. 1958', '12/03/61', '12 Mar 1961 (DOB)', 'ganwyd 12 Mawrth 1961', 'dyddiad geni: 1/2/2019',
    'dob 120361',
    '03/25/1961', 'born: 12 Mar ’61', 'Her birthday is 4/7/1988', '12 / 03 / 1961',
  ],
  'phone-number': [
    '07700 900123', '07700900123', '077 0090 0123', '+44 7700 900123', '+44 (0)7700 900 123', '0044 7700 900123',
    '0161 496 0000', '(0161) 496 0000', '020 7946 0958', '020-7946-0958', '01632 960001', '01743 23 45 67',
    '(016977) 2345',
    'call his mum on 07700 900 123.', '028 9018 0123', '+447700900123',
    '07700 900123 101', '101 07700 900123',
  ],
  'e-mail-address': [
    'amina@example.org', 'Write to amina.khan+ward@nhs.example.uk, please',
    '<a_b@sub.example.com>', "o'neill@example.ie",
    'Zoë@example.cymru',
  ],
}

const HOLDS_NOTHING = [
  '', 'bed 4', '2 of 10', 'at 14:30 and 15:45', 'Ratings 3 2 1 0 3 2 1 2 2 1', 'Room 101, floor 2', 'M13 9PL',
  'SW1A 1AA',
  'We meet on 12/11/2026 at 10:00', 'The review of 3 May 2024 was late.', 'Next look: 1 March 2027', '2024-2025',
  'The policy of 2011', 'since March 2009', 'Between 1995 and 2004 it was a school.', '£1,234,567.89', '1234567890',
  '943 476 5918', '012 345 678', '10/10', '24/7', '9/11', 'version 1.2.10', 'Section 3.4.12 says', '3-4-10',
  'In 2025/26 we had 12, 14, 15, 10 and 11 at the meetings', '12 14 15 10 11', 'Call 999 or 111',
  'Samaritans: 116 123',
  'PALS is on 0300 123 4567', 'Childline 0800 1111', '0808 808 1677', 'AB12 3CD', 'Form A1234B', 'A12345BC',
  'BA1234BC',
  'A 2024 UK report', 'GB 12 34 56 A', 'QQ 12 34 56 C', 'DA 12 34 56 A', 'AO 12 34 56 A', 'AB 12 34 56 E',
  'ZZ123456A',
  'AB 12 34 5 C', '@home', 'tea @ 4', 'a@b', '12 residents, 30 staff, 2026', '32/13/1961', '30/02/1961', '12/03/1861',
  'dob unknown', 'She was born here.', 'born in a hostel; 12 beds', '100 200 3000', '01-12-2024 15:00',
  '0730-1500 2100',
  'from 01/12/2024 to 31/12/2025', 'Patients say "5 out of 5"', '0000000000', '1111111111', 'born on 3 May 2030',
  'The bus is the 0142 at 12 34', 'id 018f4c2e-7b1a-7c3d-9e2f-1a2b3c4d5e6f', '2026-11-23T08:20:11', '1 in 3 may 20',
  'We may 12 times', 'Tell us by 23 Nov 26', '3 Mar 24', 'order no 4500123456',
  'https://example.org/2012/03/04/visit',
]

for (const [name, texts] of Object.entries(HOLDS)) for (const text of texts) {
  test(`${name}: ${text}`, () => assert.deepEqual(identifying(text, NOW), [name]))
}

for (const text of HOLDS_NOTHING) {
  test(`nobody is recognised by: ${text}`, () => assert.deepEqual(foundIn(text, NOW), []))
}

test('all that is there is named once, in the order of the list', () => {
  const text = 'ring 07700 900123 or 07700 900456, a@example.org, 943 476 5919, a1234bc, AB123456C, born 12/03/1961'

  assert.deepEqual(identifying(text, NOW), IDENTIFYING)
  assert.equal(foundIn(text, NOW).length, IDENTIFYING.length + 1)
})

test('the server knows the same names', () => {
  const schemas = readFileSync(new URL('../../audit_app/audits/schemas.py', import.meta.url), 'utf8')
  const [, listed] = /^IDENTIFYING = \(([^)]*)\)/m.exec(schemas)

  assert.deepEqual([...listed.matchAll(/"([^"]+)"/g)].map(([, name]) => name), IDENTIFYING)
})

test('of ten digits exactly those are an NHS number whose check digit fits', () => {
  const chance = seeded(20261123)
  let numbers = 0
  for (let n = 0; n < 2000; n++) {
    const nine = Array.from({ length: 9 }, () => Math.floor(chance() * 10))
    // Written otherwise than the code has it: the whole weighted sum, check digit and all, is divisible by 11.
    const fits = Array.from({ length: 10 }, (_, digit) => digit).filter(digit =>
      [...nine, digit].reduce((sum, one, place) => sum + one * (10 - place), 0) % 11 === 0)
    for (let digit = 0; digit < 10; digit++) {
      const text = [...nine, digit].join('').replace(/(...)(...)/, '$1 $2 ')
      const is = fits.includes(digit) && !/^(\d)\1*$/.test(text.replaceAll(' ', ''))
      assert.equal(foundIn(text, NOW).some(({ name }) => name === 'nhs-number'), is, text)
      if (is) numbers++
    }
  }
  assert.ok(numbers > 1700 && numbers < 2000, `${numbers}`) // one in eleven beginnings is never given out
})

test('a long text is read in a moment', () => {
  const began = performance.now()
 
  for (const piece of ['a'.repeat(4000), '1 '.repeat(2000), '0161 '.repeat(800), 'a.'.repeat(2000), '1/1/'.repeat(1000),
    '@a.'.repeat(1300), 'born '.repeat(800)]) identifying(piece, NOW)

  assert.ok(performance.now() - began < 500)
})

/** Numbers from 0 to 1, the same every time (mulberry32). @param {number} seed */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6D2B79F5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
