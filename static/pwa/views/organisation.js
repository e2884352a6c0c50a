// People and settings of an organisation: who may do what where, invitations, the settings. It needs the network.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { ask } from '../elements/ask.js'
import { cameraWords } from '../elements/evidence-words.js'
import { fetchedState } from '../elements/fetched-state.js'
import { choiceField, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { problemNotice } from '../elements/problem-notice.js'
import { find } from '../lib/find.js'
import { Fetched } from '../lib/fetched.js'
import { newSecret, uuid7 } from '../lib/ids.js'
import { day, when } from '../lib/time.js'
import { language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import '../elements/invitation-link.js'
import '../elements/online-form.js'
import { Reach } from './roles.js'

/**
 * Links of invitations made here, by the invitation: the server has never seen their secrets.
 * @type {WeakMap<object, Map<string, string>>}
 */
const links = new WeakMap()

/** Where the law forbids cameras unless somebody with authority allows them. */
const CUSTODY = 'prison-wing'

export class OrganisationView extends LitElement {
  static properties = {
    app: { attribute: false }, params: { attribute: false }, form: { state: true }, shown: { state: true },
    invited: { state: true }, failed: { state: true },
  }

  #told = new Fetched(this, () => `organisation/${this.params.organisation}/${language}`, () => this.#fetch())

  constructor() {
    super()
    /** @type {import('../routes.js').App} */
    this.app = undefined
    /** @type {Record<string, string>} */
    this.params = undefined
    /** The form that is open. @type {string | undefined} */
    this.form = undefined
    /** The person whose details are open. @type {string | undefined} */
    this.shown = undefined
    /** The invitation whose link is shown. @type {string | undefined} */
    this.invited = undefined
    /** What did not work, and with whom. @type {{person: string, problem: any} | undefined} */
    this.failed = undefined
    new Watching(this, () => [this.app.store])
  }

  createRenderRoot() { return this }

  render() {
    const told = this.#told.body
    const { home } = this.app.store
    const known = told?.organisation ?? home?.organisations.find(({ id }) => id === this.params.organisation)
    const reach = told && new Reach(told, home?.grants ?? [])
    return html`
      <header class="head"><a class="up" href="#/more">${icon('back')}${t('tabs.more')}</a>
        <h1 tabindex="-1">${known?.name ?? t('organisation.title')}</h1>
        <p class="quiet">${t('organisation.title')}</p></header>
      ${fetchedState(this.#told)}
      ${told ? html`<div class="two" data-lead>
        <div class="cards">${this.#people(told, reach)}${this.#invitations(told, reach)}</div>
        <div class="cards">${this.#settings(told)}${this.#organisation(told)}</div></div>` : nothing}`
  }

  // People

  #people(told, reach) {
    const here = told.people.filter(({ ended }) => !ended)
    const gone = told.people.filter(({ ended }) => ended)
    const list = people => html`<ul class="listed">${people.map(person => this.#person(told, reach, person))}</ul>`
    return html`<section class="card" aria-labelledby="people-title">
      ${titled('people', t('organisation.people', { n: here.length }))}
      ${this.#invite(told, reach)}
      ${list(here)}
      ${gone.length ? html`<details class="more"><summary>${t('organisation.gone', { n: gone.length })}</summary>
        ${list(gone)}</details>` : nothing}</section>`
  }

  #person(told, reach, person) {
    const mine = this.#isMe(person)
    const may = {
      give: reach.places('grant.give').length > 0,
      end: told.organisation.may.includes('person.end') && person.grants.length > 0 && reach.endsAll(person),
      grants: person.grants.filter(grant => reach.ends(grant)),
      devices: mine || !reach.endsAll(person) ? [] : told.devices.filter(device => device.person === person.id),
    }
    const any = may.give || may.end || may.grants.length || may.devices.length
    const open = any && this.shown === person.id
    const show = () => { this.shown = open ? undefined : person.id }
    return html`<li>
      <div class="row" data-spread data-nowrap>
        <div class="stack" data-tight><h3>${person.name} ${mine ? t('organisation.you') : nothing}</h3>
          <p class="quiet">${person.email}</p>
          <p class="row">${person.grants.map(grant => html`<span class="tag">${reach.words(grant)}</span>`)}</p></div>
        ${!any ? nothing : html`<button class="linklike" aria-expanded=${Boolean(open)} @click=${show}>
          ${t(open ? 'organisation.close-person' : 'organisation.change-person')}${unseen(person.name)}</button>`}</div>
      ${open ? this.#panel(reach, person, may) : nothing}</li>`
  }

  /** What may be done about one person. */
  #panel(reach, person, may) {
    return html`<div class="stack inset">
      ${this.failed?.person === person.id ? problemNotice(this.failed.problem) : nothing}
      ${may.grants.map(grant => html`<div class="row" data-spread><span>${reach.words(grant)}</span>
        <button class="linklike" @click=${() => this.#endGrant(reach, person, grant)}>
          ${t('organisation.end-role')}${unseen(`${person.name}: ${reach.words(grant)}`)}</button></div>`)}
      ${may.devices.map(device => html`<div class="row" data-spread>
        <span>${device.name}<br><small>${t('devices.seen', { at: when(device.seen_at) })}</small></span>
        <button class="linklike" @click=${() => this.#endDevice(person, device)}>
          ${t('devices.end')}${unseen(`${person.name}: ${device.name}`)}</button></div>`)}
      ${may.give ? this.#give(reach, person) : nothing}
      ${may.end ? html`<div class="row"><button class="button" data-danger @click=${() => this.#endPerson(person)}>
        ${t('organisation.end-person')}${unseen(person.name)}</button></div>` : nothing}</div>`
  }

  #give(reach, person) {
    const name = `give/${person.id}`
    const words = html`${icon('plus')}${t('organisation.give')}${unseen(person.name)}`
    if (this.form !== name) return this.#opens(name, words)
    return html`<online-form .app=${this.app} .name=${name} .words=${t('organisation.give-go')} .closed=${this.#close}
      .fields=${(given, values) => reach.fields('grant.give', given, values)}
      .check=${values => reach.wrong('grant.give', values)}
      .make=${async () => ({ grant: uuid7() })}
      .act=${async (values, { grant }) => {
        await this.#perform('grant.give', { grant, person: person.id, ...reach.asked('grant.give', values) })
        await this.#done('people', t('organisation.given', { name: person.name, role: t(`role.${values.role}`) }))
      }}></online-form>`
  }

  async #endGrant(reach, person, grant) {
    const { name } = person
    await this.#askAndDo(person, 'grant.end', { grant: grant.id }, t('organisation.role-ended', { name }), {
      title: t('organisation.end-role-title', { name, role: reach.words(grant) }),
      text: t(this.#isMe(person) ? 'organisation.end-own' : 'organisation.end-role-why'),
      yes: t('organisation.end-role'),
    })
  }

  async #endPerson(person) {
    const { id, name } = person
    await this.#askAndDo(person, 'person.end', { person: id }, t('organisation.person-ended', { name }), {
      title: t('organisation.end-person-title', { name }),
      text: t(this.#isMe(person) ? 'organisation.end-own' : 'organisation.end-person-why'),
      yes: t('organisation.end-person'),
    })
  }

  async #endDevice(person, { id, name: device }) {
    await this.#askAndDo(person, 'device.end', { device: id }, t('devices.ended', { device }), {
      title: t('devices.end-title', { device }), text: t('devices.end-why'), yes: t('devices.end'),
    })
  }

  // Invitations

  #invite(told, reach) {
    if (!reach.places('person.invite').length) return nothing
    if (this.form !== 'invite') return this.#opens('invite', html`${icon('plus')}${t('invite.title')}`, !this.form)
    return html`<div class="inset stack"><h3>${t('invite.title')}</h3><p>${t('invite.about')}</p>
      <online-form .app=${this.app} .name=${`invite/${this.params.organisation}`} .words=${t('invite.go')}
        .closed=${this.#close}
        .fields=${(given, values) => html`
          ${textField({ ...given('name'), label: t('invite.name'), hint: t('invite.name-hint'), maxlength: 120 })}
          ${textField({ ...given('email'), label: t('sign-in.email'), type: 'email', maxlength: 254 })}
          ${reach.fields('person.invite', given, values)}`}
        .check=${values => this.#wrongInvitation(told, reach, values)}
        .make=${async () => ({ invitation: uuid7(), ...await newSecret() })}
        .act=${(values, made) => this.#sendInvitation(reach, values, made)}></online-form></div>`
  }

  #wrongInvitation({ people }, reach, values) {
    const known = people.find(({ email, ended }) => !ended && email === values.email.toLowerCase())
    const email = !/^\S+@\S+\.\S+$/.test(values.email) ? t('invite.need-email')
      : known && t('invite.known', { name: known.name })
    return {
      ...(values.name ? {} : { name: t('invite.need-name') }),
      ...(email ? { email } : {}),
      ...reach.wrong('person.invite', values),
    }
  }

  async #sendInvitation(reach, values, { invitation, secret, sha256 }) {
    const { name, email } = values
    const asked = reach.asked('person.invite', values)
    await this.#perform('person.invite', { invitation, name, email, ...asked, secret_sha256: sha256 })
    const mine = links.get(this.app.store) ?? new Map()
    links.set(this.app.store, mine.set(invitation, `${location.origin}/#/join/${invitation}/${secret}`))
    this.invited = invitation
    await this.#done('invitations', t('invite.done', { name }))
  }

  #invitations({ invitations }, reach) {
    if (!invitations.length) return nothing
    return html`<section class="card" aria-labelledby="invitations-title">
      ${titled('invitations', t('invitations.title', { n: invitations.length }))}
      <p class="quiet">${t('invitations.about')}</p>
      <ul class="listed">${invitations.map(one => html`<li>
        <div class="stack" data-tight><h3>${one.name}</h3><p class="quiet">${one.email}</p>
          <p class="row"><span class="tag">${reach.words(one)}</span>
            <small>${t('invitations.until', { day: day(one.expires_at) })}</small></p></div>
        ${this.#link(one)}</li>`)}</ul></section>`
  }

  /** Its link, on the device that made it. */
  #link({ id, name, expires_at }) {
    const link = links.get(this.app.store)?.get(id)
    if (!link) return nothing
    return this.invited === id
      ? html`<invitation-link .link=${link} .name=${name} .until=${expires_at}></invitation-link>`
      : html`<div class="row"><button class="linklike" @click=${() => { this.invited = id }}>
      ${t('invitations.show')}${unseen(name)}</button></div>`
  }

  // Settings

  #settings(told) {
    const { sites, organisation } = told
    return html`<section class="card" aria-labelledby="settings-title">
      ${titled('settings', t('organisation.settings', { n: sites.length }))}
      ${sites.length ? html`<ul class="listed">${sites.map(site => this.#setting(told, site))}</ul>`
        : html`<p>${t('organisation.no-settings')}</p>`}
      ${!organisation.may.includes('site.add') ? nothing : this.form === 'site' ? this.#addSite(told)
        : this.#opens('site', html`${icon('plus')}${t('organisation.add-site')}`)}</section>`
  }

  #setting(told, site) {
    const form = `site/${site.id}`
    const camera = `camera/${site.id}`
    const sector = told.sectors.find(({ id }) => id === site.sector)?.title
    return html`<li><div class="row" data-spread data-nowrap>
        <div class="stack" data-tight><h3>${site.name}</h3>
          <p class="quiet">${[sector, site.about].filter(Boolean).join(' · ')}</p>
          <p class="row"><span class="tag">${icon('camera')}${cameraWords(site.camera)}</span></p></div>
        ${site.may.includes('site.change') && this.form !== form
          ? this.#opens(form, html`${t('organisation.change-site')}${unseen(site.name)}`) : nothing}</div>
      ${this.form === form ? this.#changeSite(told, site) : nothing}
      ${!site.may.includes('camera.set') ? nothing : this.form === camera ? this.#setCamera(site)
        : this.#opens(camera, html`${t('camera.set')}${unseen(site.name)}`)}</li>`
  }

  /** Whether photos may be taken: allowing them needs an authority and a last day. */
  #setCamera({ id, name, sector, camera }) {
    const options = [{ value: 'yes', label: t('camera.yes') },
      { value: 'no', label: t('camera.no'), hint: t('camera.no-hint') }]
    return html`<div class="inset"><online-form .app=${this.app} .name=${`camera/${id}`} .words=${t('camera.save')}
      .closed=${this.#close} .start=${{ allowed: '', until: camera.until ?? '' }}
      .fields=${(given, values) => html`
        ${choiceField({ ...given('allowed'), legend: t('camera.question', { site: name }),
          hint: sector === CUSTODY ? t('camera.custody') : undefined, options })}
        ${values.allowed === 'yes' ? html`
          ${textField({ ...given('authority'), label: t('camera.authority'), hint: t('camera.authority-hint'),
            maxlength: 200 })}
          ${textField({ ...given('until'), label: t('camera.last-day'), type: 'date', hint: t(sector === CUSTODY
            ? 'camera.last-day-hint' : 'camera.last-day-allowed-hint') })}` : nothing}`}
      .check=${wrongCamera}
      .act=${async ({ allowed, authority, until }) => {
        const yes = allowed === 'yes'
        await this.#perform('camera.set', { site: id, allowed: yes, ...(yes ? { authority, until } : {}) })
        await this.#done('settings', t(yes ? 'camera.saved-yes' : 'camera.saved-no', { site: name,
          day: yes ? day(until) : '' }))
        this.app.sync.now()
      }}></online-form></div>`
  }

  #addSite(told) {
    return html`<div class="inset stack"><h3>${t('organisation.add-site')}</h3>
      <online-form .app=${this.app} .name=${`add-site/${this.params.organisation}`} .words=${t('site.add')}
        .closed=${this.#close} .fields=${siteFields(told)} .check=${values => wrongSite(told, values)}
        .make=${async () => ({ site: uuid7() })}
        .act=${async ({ name, sector, about }, { site }) => {
          await this.#perform('site.add', { site, name, sector, about })
          await this.#done('settings', t('site.added', { name }))
        }}></online-form></div>`
  }

  #changeSite(told, { id, name, sector, about }) {
    return html`<div class="inset"><online-form .app=${this.app} .name=${`site/${id}`} .words=${t('site.save')}
      .closed=${this.#close} .start=${{ name, sector, about }}
      .fields=${siteFields(told)} .check=${values => wrongSite(told, values, id)}
      .act=${async values => {
        await this.#perform('site.change', { site: id, name: values.name, sector: values.sector, about: values.about })
        await this.#done('settings', t('site.changed', { name: values.name }))
      }}></online-form></div>`
  }

  // The organisation itself

  #organisation({ organisation }) {
    const { id, may } = organisation
    const history = `#/organisations/${id}/history`
    const told = may.includes('organisation.see') && this.app.hasRoute(history)
    if (!told && !may.includes('organisation.change')) return nothing
    return html`<section class="card" aria-labelledby="organisation-title">
      ${titled('organisation', t('organisation.itself'))}
      ${told ? html`<ul class="link-list"><li>
        <a href=${history}>${icon('history')}<span>${t('history.title')}</span>${icon('next')}</a></li></ul>` : nothing}
      ${!may.includes('organisation.change') ? nothing : this.form === 'rename' ? this.#rename(organisation)
        : this.#opens('rename', t('organisation.rename'))}</section>`
  }

  #rename({ id, name }) {
    return html`<online-form .app=${this.app} .name=${`rename/${id}`} .words=${t('organisation.rename-go')}
      .closed=${this.#close} .start=${{ name }}
      .fields=${given => textField({ ...given('name'), label: t('organisation.name'), maxlength: 120 })}
      .check=${values => values.name ? {} : { name: t('organisation.need-name') }}
      .act=${async values => {
        await this.#perform('organisation.change', { name: values.name })
        await this.#done('organisation', t('organisation.renamed', { name: values.name }))
      }}></online-form>`
  }

  // Asking the server

  async #fetch() {
    const { sync } = this.app
    const [told, { sectors }] = await Promise.all([
      sync.fetchJSON(`/api/organisations/${this.params.organisation}`),
      sync.fetchJSON(`/api/checklists?language=${language}`),
    ])
    return { ...told, sectors }
  }

  #perform(kind, payload) { return this.app.sync.perform(this.params.organisation, kind, payload) }

  /** Something about a person, once the question is answered; what goes wrong is said beside their name. */
  async #askAndDo(person, kind, payload, words, question) {
    if (!await ask({ ...question, danger: true })) return
    this.failed = undefined
    try {
      await this.#perform(kind, payload)
      await this.#done('people', words)
    } catch (problem) {
      this.failed = { person: person.id, problem }
    }
  }

  /** It is done: says so, shows what is so now, and goes on from the heading of its part. */
  async #done(part, words) {
    this.form = undefined
    this.failed = undefined
    announce(words)
    await this.#told.load()
    await this.updateComplete
    find(this, `#${part}-title`)?.focus()
  }

  // What is open

  /** A button that a form takes the place of. */
  #opens(form, words, main = false) {
    const open = () => { this.form = form }
    return html`<div class="row">
      <button class="button" id=${idOf(form)} ?data-main=${main} @click=${open}>${words}</button></div>`
  }

  #close = async () => {
    const id = idOf(this.form)
    this.form = undefined
    await this.updateComplete
    document.getElementById(id)?.focus()
  }

  #isMe({ id }) { return id === this.app.store.person.id }
}
customElements.define('organisation-view', OrganisationView)

const idOf = form => `open-${form.replace('/', '-')}`
const titled = (part, words) => html`<h2 id="${part}-title" tabindex="-1" data-heading>${words}</h2>`
const unseen = words => html`<span class="unseen"> ${words}</span>`

/** Nobody allows photos without saying by what authority, and for how long. */
function wrongCamera({ allowed, authority, until }) {
  if (!allowed) return { allowed: t('camera.need') }
  if (allowed === 'no') return {}
  const today = new Date().toISOString().slice(0, 10)
  return { ...(authority ? {} : { authority: t('camera.need-authority') }),
    ...(until && until >= today ? {} : { until: t('camera.need-until') }) }
}

const siteFields = ({ sectors }) => given => html`
  ${textField({ ...given('name'), label: t('site.name'), hint: t('site.name-hint'), maxlength: 120 })}
  ${choiceField({ ...given('sector'), legend: t('site.sector'), hint: t('site.sector-hint'),
    options: sectors.map(({ id, title }) => ({ value: id, label: title })) })}
  ${textField({ ...given('about'), label: t('site.about'), hint: t('site.about-hint'), maxlength: 200 })}`

function wrongSite({ sites }, { name, sector }, own) {
  const taken = sites.some(site => site.id !== own && site.name.toLowerCase() === name.toLowerCase())
  const wrong = !name ? 'site.need-name' : taken ? 'site.name-taken' : undefined
  return { ...(wrong ? { name: t(wrong) } : {}), ...(sector ? {} : { sector: t('site.need-sector') }) }
}
