// A small honest server for the tests of the device: it keeps the rules of the contract in the plainest way there is,
// with a network that can be told to fail, and a disk that can be put back to what it was.
import { createHash, randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { effects, isOffline } from '../../static/pwa/store/effects.js'
import { canonical } from '../../static/pwa/lib/canonical.js'

const ONLINE = ['site.add', 'grant.give', 'operation.admit']

const sha = text => createHash('sha256').update(text).digest('hex')

export class ModelServer {
  disk = { streams: new Map(), people: new Map(), sessions: new Map() }
  words = { recipient: 'patient' }
  sites = [{ id: 'site-1', organisation: 'organisation-1', name: 'Rowan ward', sector: 'ward', about: '', may: ['audit.see'] }]
  checklists = [{ slug: 'ten-minute-look', edition: 1, title: 'The ten-minute look' }]
  requests = []
  arriving = new Map()
  #people = 0

  constructor(now = () => Date.now()) {
    this.now = now
  }

  addPerson(name) {
    const person = {
      id: `00000000-0000-7000-8000-${String(++this.#people).padStart(12, '0')}`,
      name,
      email: `${name.toLowerCase()}@example.org`,
    }
    this.disk.people.set(person.id, { ...person, member: true, mayWrite: true })
    return person
  }

  /** Somebody of an awarding body is asked to assess an audit, and declares no interest. @returns {string} its id */
  assign(person, audit) {
    const id = `00000000-0000-7000-9000-${String(this.disk.streams.size).padStart(12, '0')}`
    const at = new Date(this.now()).toISOString()
    const opening = { id: `${id}-opening`, kind: 'assessment.assign', payload: { audit, assessor: person.id }, at, seen: [] }
    const stream = { id, kind: 'assessment', epoch: randomBytes(4).toString('hex'), entries: [], backedUpTo: 0 }
    this.append(stream, person, opening)
    this.disk.streams.set(id, Object.assign(stream, { audit, assessor: person.id, declared: 'clear' }))
    Object.assign(this.disk.people.get(person.id), { member: false, assesses: true })
    return id
  }

  endRights(person, { member = true } = {}) {
    Object.assign(this.disk.people.get(person.id), { mayWrite: false, member })
  }

  seal(stream) {
    this.disk.streams.get(stream).sealed = true
  }

  /** A copy of the disk; from now on the streams know how far they are backed up. */
  backup() {
    for (const stream of this.disk.streams.values()) {
      stream.backedUpTo = stream.entries.length
      for (const photo of stream.photos?.values() ?? []) photo.safe = true
    }
    return structuredClone(this.disk)
  }

  restore(copy) {
    const { sessions } = this.disk
    this.disk = { ...structuredClone(copy), sessions }
  }

  live(id) {
    return liveOf(this.disk.streams.get(id)?.entries ?? [])
  }

  numbers(id) {
    return this.disk.streams.get(id)?.entries.map(entry => entry.number) ?? []
  }

  /** A browser's way in: a cookie of its own. */
  browser() {
    const jar = { token: null }
    return (path, init) => this.answer(jar, path, init)
  }

  async answer(jar, path, { method, headers, body }) {
    const url = new URL(path, 'http://milieu.test')
    if (/\/photos(\/|$)/.test(url.pathname)) return this.photo(jar, url, { method, headers, body })
    const packed = body instanceof ArrayBuffer ? Buffer.from(body) : body
    const text =
      packed === undefined ? '' : (headers['Content-Encoding'] === 'gzip' ? gunzipSync(packed) : packed).toString()
    this.requests.push({ method, path, bytes: packed?.length ?? 0 })
    const person = this.disk.people.get(this.disk.sessions.get(jar.token))
    const asked = text ? JSON.parse(text) : undefined
    const tag = headers['If-None-Match']?.replaceAll('"', '') ?? null
    if (this.sick) return this.sick(url, method) ?? this.route(jar, person, method, url, asked, tag)
    return this.route(jar, person, method, url, asked, tag)
  }

  route(jar, person, method, url, asked, tag) {
    const path = url.pathname
    if (path === '/api/session' && method === 'POST') return this.signIn(jar, asked)
    if (path === '/api/session' && method === 'DELETE') {
      this.disk.sessions.delete(jar.token)
      return new Response(null, { status: 204 })
    }
    if (!person) return problem(401, 'sign-in-required')
    if (path === '/api/home') return this.home(person, tag)
    if (path === '/api/operations') return this.push(person, asked)
    if (path === '/api/submissions') return this.submissions(person, tag)
    if (path.startsWith('/api/assessments/')) return this.assessment(person, path.split('/')[3], tag)
    if (path.startsWith('/api/audits/')) return this.audit(person, path.split('/')[3], tag)
    if (path.startsWith('/api/checklists/')) return this.checklist(path, url, tag)
    return problem(404, 'not-found')
  }

  signIn(jar, { email }) {
    const person = [...this.disk.people.values()].find(one => one.email === email)
    if (!person) return problem(401, 'sign-in-refused')
    jar.token = randomBytes(8).toString('hex')
    this.disk.sessions.set(jar.token, person.id)
    return reply({ person: who(person) })
  }

  home(person, tag) {
    const of = kind => (person.member ? [...this.disk.streams.values()].filter(stream => stream.kind === kind) : [])
    const body = {
      demo: true,
      person: who(person),
      grants: person.assesses ? [{ role: 'assessor', organisation: 'body-1', site: null }] : [],
      organisations: of('organisation').map(stream => ({
        id: stream.id,
        name: '',
        cursor: cursorOf(stream),
        backed_up_to: stream.backedUpTo,
        may: [],
      })),
      sites: person.member ? this.sites : [],
      audits: of('audit')
        .map(stream => ({ ...about(stream), kept: 0, progress: { principles: [], differences: 0 } }))
        .reverse(),
      checklists: this.checklists,
    }
    const etag = sha(canonical(body)).slice(0, 16)
    return tag === etag ? new Response(null, { status: 304 }) : reply(body, { ETag: `"${etag}"` })
  }

  audit(person, id, tag) {
    const stream = this.disk.streams.get(id)
    const judges = this.assessedBy(person).some(one => one.audit === id && one.declared === 'clear')
    if (!stream || !(person.member || judges)) return problem(404, 'not-found')
    const cursor = cursorOf(stream)
    if (tag === cursor) return new Response(null, { status: 304 })
    const kept = stream.entries.filter(entry => entry.verdict === 'kept' && !entry.admitted)
    return reply(
      {
        ...about(stream),
        diverged: tag !== null && !isPrefix(stream, tag),
        registers: liveOf(stream.entries),
        people: Object.fromEntries([...this.disk.people.values()].map(one => [one.id, one.name])),
        kept: kept.map(entry => ({
          id: entry.operation.id,
          kind: entry.operation.kind,
          payload: entry.operation.payload,
          author: entry.author,
        })),
      },
      { ETag: `"${cursor}"` }
    )
  }

  assessedBy(person) {
    const all = [...this.disk.streams.values()]
    return person.assesses ? all.filter(one => one.kind === 'assessment' && one.assessor === person.id) : []
  }

  submissions(person, tag) {
    const rows = this.assessedBy(person).map(one => {
      const audit = this.disk.streams.get(one.audit)
      const { checklist, edition } = about(audit)
      const assessment = { id: one.id, cursor: cursorOf(one), backed_up_to: one.backedUpTo }
      const known = { setting: 'Rowan ward', sector: 'ward', checklist, edition, parts: ['assessor'], declared: one.declared }
      return { ...known, audit: one.audit, audit_cursor: cursorOf(audit), assessment, stream: null, cursor: null }
    })
    const etag = sha(canonical(rows)).slice(0, 16)
    if (tag === etag) return new Response(null, { status: 304 })
    return reply({ submissions: rows, assessors: [] }, { ETag: `"${etag}"` })
  }

  assessment(person, id, tag) {
    const stream = this.assessedBy(person).find(one => one.id === id && one.declared === 'clear')
    if (!stream) return problem(404, 'not-found')
    const cursor = cursorOf(stream)
    if (tag === cursor) return new Response(null, { status: 304 })
    const audit = this.disk.streams.get(stream.audit)
    const { checklist, edition } = about(audit)
    const known = { id, kind: 'assessment', audit: stream.audit, sector: 'ward', setting: 'Rowan ward', checklist, edition }
    return reply(
      {
        ...known,
        audit_cursor: cursorOf(audit),
        cursor,
        backed_up_to: stream.backedUpTo,
        diverged: tag !== null && !isPrefix(stream, tag),
        registers: liveOf(stream.entries),
        people: { [person.id]: person.name },
        kept: stream.entries.filter(entry => entry.verdict === 'kept').map(entry => ({ id: entry.operation.id })),
        expects: Object.fromEntries(Object.keys(liveOf(audit.entries)).map(name => [name, null])),
      },
      { ETag: `"${cursor}"` }
    )
  }

  checklist(path, url, tag) {
    const [, , , slug, edition] = path.split('/')
    const found = this.checklists.find(one => one.slug === slug && one.edition === Number(edition))
    if (!found) return problem(404, 'not-found')
    const criteria = principle => [1, 2, 3, 4, 5].map(n => ({ id: `${principle}-${n}` }))
    const body = {
      ...found,
      edition: found.edition,
      sector: url.searchParams.get('sector'),
      language: 'en',
      words: this.words,
      principles: ['belonging', 'safety'].map(id => ({ id, criteria: criteria(id) })),
    }
    const etag = sha(canonical(body)).slice(0, 16)
    return tag === etag ? new Response(null, { status: 304 }) : reply(body, { ETag: `"${etag}"` })
  }

  /** Photos: kept whole under the hash they came with; parts are put together. */
  photo(jar, url, { method, headers, body }) {
    this.requests.push({ method, path: url.pathname, bytes: body?.byteLength ?? 0 })
    const sick = this.sick?.(url, method)
    if (sick) return sick
    const person = this.disk.people.get(this.disk.sessions.get(jar.token))
    if (!person) return problem(401, 'sign-in-required')
    const [, , , id, , sha256] = url.pathname.split('/')
    const stream = this.disk.streams.get(id)
    if (!stream) return problem(404, 'not-found')
    const there = (stream.photos ??= new Map())
    if (!sha256) return reply({ photos: [...there].map(([one, { safe }]) => ({ sha256: one, safe })) })
    const told = (offset, here) => ({ 'Upload-Offset': String(offset), 'Upload-Complete': here ? '?1' : '?0' })
    const arrived = (this.arriving.get(sha256) ?? Buffer.alloc(0))
    if (method === 'GET') {
      if (!there.has(sha256)) return problem(404, 'not-found')
      return new Response(there.get(sha256).bytes, { headers: { 'Content-Type': 'image/jpeg', 'X-Request-Id': 'x' } })
    }
    const named = stream.entries.some(({ verdict, operation }) => verdict !== 'refused' && operation.payload.sha256 === sha256)
    if (!named) return problem(404, 'not-found')
    if (method === 'HEAD')
      return new Response(null, { headers: { 'X-Request-Id': 'x', ...told(arrived.length, there.has(sha256)) } })
    const at = method === 'PATCH' ? Number(headers['Upload-Offset']) : 0
    if (method === 'PATCH' && at !== arrived.length) return problem(409, 'offset-mismatch')
    const whole = method === 'PATCH' ? Buffer.concat([arrived, Buffer.from(body)]) : Buffer.from(body)
    const length = method === 'PATCH' ? Number(headers['Upload-Length']) : whole.length
    this.arriving.set(sha256, whole)
    if (whole.length < length) return reply({ offset: whole.length, here: false })
    this.arriving.delete(sha256)
    if (createHash('sha256').update(whole).digest('hex') !== sha256) return problem(422, 'hash-mismatch')
    if (this.disk.full) return problem(507, 'storage-full')
    if (this.hates?.(whole)) return problem(415, 'not-a-photo')
    there.set(sha256, { bytes: whole, safe: false })
    return reply({ offset: whole.length, here: true })
  }

  push(person, { stream: id, cursor, operations, on_behalf_of: behalf }) {
    if (operations.length > 200) return problem(413, 'too-large')
    if (operations.some(({ payload }) => JSON.stringify(payload).includes('\\u0000'))) return problem(422, 'malformed')
    const known = this.disk.streams.get(id)
    const opens = ['audit.open', ...ONLINE].includes(operations[0]?.kind)
    if (!known && (!opens || !person.member)) return problem(404, 'not-found')
    if (known && cursor !== null && !isPrefix(known, cursor)) return problem(409, 'ledger-diverged')
    const stream = known ?? {
      id,
      kind: operations[0].kind === 'audit.open' ? 'audit' : 'organisation',
      epoch: randomBytes(4).toString('hex'),
      entries: [],
      backedUpTo: 0,
    }
    this.disk.streams.set(id, stream)
    const outcomes = operations.map(operation => this.take(stream, person, operation, behalf))
    return reply({ outcomes, cursor: cursorOf(stream) })
  }

  take(stream, person, operation, behalf) {
    const { id } = operation
    const before = stream.entries.find(entry => entry.operation.id === id)
    if (before && canonical(before.operation) !== canonical(operation)) {
      return {
        id,
        verdict: 'refused',
        number: null,
        problem: { type: '/problems/id-reused', title: 'This id was used before', detail: '' },
      }
    }
    const entry = before ?? this.append(stream, person, operation, behalf)
    const verdict = entry.admitted ? 'applied' : entry.verdict
    return {
      id,
      verdict,
      number: entry.number,
      ...(verdict === 'applied'
        ? {}
        : { problem: { type: `/problems/${verdict}`, title: verdict, detail: 'so it is' } }),
    }
  }

  append(stream, person, operation, behalf) {
    const { kind, payload } = operation
    const isRefused = (!isOffline(kind) && ![...ONLINE, 'assessment.assign'].includes(kind)) || payload.rating > 3 || payload.name === 'refuse me'
    const isKept = stream.sealed || !person.mayWrite || (behalf && behalf !== person.id)
    const verdict = isRefused ? 'refused' : isKept ? 'kept' : 'applied'
    const number = stream.entries.length + 1
    const tag = sha((stream.entries.at(-1)?.tag ?? '') + operation.id).slice(0, 16)
    const entry = {
      operation,
      author: behalf ?? person.id,
      verdict,
      number,
      tag,
      received_at: new Date(this.now()).toISOString(),
    }
    stream.entries.push(entry)
    if (kind === 'operation.admit') stream.entries.find(one => one.operation.id === payload.operation).admitted = true
    return entry
  }
}

/**
 * @returns {(path: string, init: any) => Promise<Response>} a network that does to each request what `mishap()` says
 */
export const network = (send, fate = () => null) => {
  const line = async (path, init) => {
    const mishap = line.down ? 'lost' : fate(path, init)
    if (mishap === 'lost') throw new TypeError('fetch failed')
    if (mishap === 'captive')
      return new Response('<html>Welcome to the hotel', { status: 200, headers: { 'Content-Type': 'text/html' } })
    if (mishap === 'late') line.late.push(() => send(path, init))
    const response = await send(path, init)
    if (mishap === 'twice' && init.method !== 'DELETE') await send(path, init)
    if (mishap === 'unheard' || mishap === 'late') throw new TypeError('connection reset')
    if (mishap === 'cut')
      return new Response((await response.text()).slice(0, 40), { status: response.status, headers: response.headers })
    return response
  }
  line.down = false
  line.late = []
  line.deliverLate = async () => {
    for (const again of line.late.splice(0)) await again()
  }
  return line
}

function reply(body, headers = {}) {
  return new Response(JSON.stringify({ protocol: 1, ...body }), {
    headers: { 'Content-Type': 'application/json', ...headers },
  })
}

export function problem(status, name, headers = {}) {
  const body = { protocol: 1, type: `/problems/${name}`, title: name, status, detail: '', request_id: 'r' }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}

function who({ id, name, email }) {
  return { id, name, email }
}

function about(stream) {
  const { site, checklist, edition, track } = stream.entries[0].operation.payload
  return {
    id: stream.id,
    site,
    checklist,
    edition,
    track,
    stage: stream.sealed ? 'submitted' : 'open',
    opened_at: stream.entries[0].operation.at,
    opened_by: { id: stream.entries[0].author, name: '' },
    cursor: cursorOf(stream),
    backed_up_to: stream.backedUpTo,
  }
}

function cursorOf(stream) {
  return `${stream.epoch}.${stream.entries.length}.${stream.entries.at(-1)?.tag ?? ''}`
}

function isPrefix(stream, cursor) {
  const [epoch, seq, tag] = cursor.split('.')
  return (
    epoch === stream.epoch
    && Number(seq) <= stream.entries.length
    && (stream.entries[Number(seq) - 1]?.tag ?? '') === tag
  )
}

/** live(register) = writes in force − everything those superseded; said again here in other words than the device's. */
function liveOf(entries) {
  const inForce = entries.filter(entry => entry.verdict === 'applied' || entry.admitted)
  const aside = new Map(
    entries.filter(entry => !inForce.includes(entry)).map(({ operation }) => [operation.id, operation.seen])
  )
  const reach = (ids, found = new Set()) => {
    for (const id of ids)
      if (!found.has(id)) {
        found.add(id)
        reach(aside.get(id) ?? [], found)
      }
    return found
  }
  const written = inForce.flatMap(entry =>
    Object.entries(effects(entry.operation.kind, entry.operation.payload)).map(([register, value]) => ({
      register,
      value,
      entry,
      gone: reach(entry.operation.seen),
    }))
  )
  const live = {}
  for (const { register, value, entry } of written) {
    if (written.some(other => other.register === register && other.gone.has(entry.operation.id))) continue
    const { id, at, of } = entry.operation
    const first = of && entries.find(one => one.operation.id === of)
    live[register] = [
      ...(live[register] ?? []),
      {
        id,
        value,
        author: entry.author,
        at,
        received_at: entry.received_at,
        ...(first ? { of: { author: first.author } } : {}),
      },
    ]
  }
  return live
}
