// People and settings of an organisation: who may do what where, invitations, and the settings themselves. It needs the network.
import { LitElement, html, nothing } from '../vendor/lit.js'
import { announce } from '../elements/announce.js'
import { ask } from '../elements/ask.js'
import { fetchedState } from '../elements/fetched-state.js'
import { choiceField, textField } from '../elements/form.js'
import { icon } from '../elements/icons.js'
import { selectField } from '../elements/select-field.js'
import { find } from '../lib/find.js'
import { Fetched } from '../lib/fetched.js'
import { newSecret, uuid7 } from '../lib/ids.js'
import { problemWords } from '../lib/problem-words.js'
import { day, when } from '../lib/time.js'
import { language, t } from '../lib/words.js'
import { Watching } from '../lib/watching.js'
import '../elements/invitation-link.js'
import '../elements/online-form.js'
import { ROLES, roleWords, rolesToGive } from './roles.js'

const WHOLE = 'whole'

/** Links of invitations made here, by the invitation: the server has never seen their secrets. @type {WeakMap<object, Map<string, string>>} */
const links = new WeakMap()

export class OrganisationView extends LitElement {
  static properties = {
    app: { attribute: false }, params: { attribute: false }, form: { state: true }, shown: { state: true }, invited: { state: true }, failed: { state: true },
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
    const name = told?.organisation.name ?? this.#home?.name ?? t('organisation.title')
    return html`
      <header class="head"><a class="up" href="#/more">${icon('back')}${t('tabs.more')}</a>
        <h1 tabindex="-1">${name}</h1><p class="quiet">${t('organisation.title')}</p></header>
      ${fetchedState(this.#told)}
      ${told ? html`<div class="two" data-lead>
        <div class="cards">${this.#people(told)}${this.#invitations(told)}</div>
        <div class="cards">${this.#settings(told)}${this.#organisation(told)}</div></div>` : nothing}`
  }

  // People

  #people(told) {
    const here = told.people.filter(({ ended }) => !ended)
    const gone = told.people.filter(({ ended }) => ended)
    return html`<section class="card" aria-labelledby="people-title"><h2 id="people-title" tabindex="-1" data-heading>${t('organisation.people', { n: here.length })}</h2>
      ${this.#invite(told)}
      <ul class="listed">${here.map(person => this.#person(told, person))}</ul>
      ${gone.length ? html`<details class="more"><summary>${t('organisation.gone', { n: gone.length })}</summary>
        <ul class="listed">${gone.map(person => this.#person(told, person))}</ul></details>` : nothing}</section>`
  }

  #person(told, person) {
    const devices = this.#isMe(person) ? [] : told.devices.filter(device => device.person === person.id && this.#outranks(person))
    const giving = this.#places(told, 'grant.give').length > 0
    const ending = told.organisation.may.includes('person.end') && person.grants.length > 0 && this.#outranks(person)
    const ends = person.grants.filter(grant => this.#mayEnd(told, grant))
    const roles = person.grants.map(grant => roleWords(grant.role, this.#placeOf(told, grant.site)))
    const open = this.shown === person.id
    return html`<li>
      <div class="row" data-spread data-nowrap><div class="stack" data-tight><h3>${person.name}${this.#isMe(person) ? ` ${t('organisation.you')}` : ''}</h3><p class="quiet">${person.email}</p>
        <p class="row">${roles.map(role => html`<span class="tag">${role}</span>`)}</p></div>
        ${giving || ending || ends.length || devices.length ? html`<button class="linklike" aria-expanded=${open} @click=${() => { this.shown = open ? undefined : person.id }}>${t(open ? 'organisation.close-person' : 'organisation.change-person')}<span class="unseen"> ${person.name}</span></button>` : nothing}</div>
      ${open ? html`<div class="stack inset">
          ${this.failed?.person === person.id ? html`<div class="notice" data-kind="problem" role="alert"><p>${problemWords(this.failed.problem)}</p></div>` : nothing}
          ${ends.map(grant => html`<div class="row" data-spread><span>${roleWords(grant.role, this.#placeOf(told, grant.site))}</span>
            <button class="linklike" @click=${() => this.#endGrant(told, person, grant)}>${t('organisation.end-role')}<span class="unseen"> ${person.name}: ${roleWords(grant.role, this.#placeOf(told, grant.site))}</span></button></div>`)}
          ${devices.map(device => html`<div class="row" data-spread><span>${device.name}<br><small>${t('devices.seen', { at: when(device.seen_at) })}</small></span>
            <button class="linklike" @click=${() => this.#endDevice(person, device)}>${t('devices.end')}<span class="unseen"> ${person.name}: ${device.name}</span></button></div>`)}
          ${giving ? this.#give(told, person) : nothing}
          ${ending ? html`<div class="row"><button class="button" data-danger @click=${() => this.#endPerson(person)}>${t('organisation.end-person')}<span class="unseen"> ${person.name}</span></button></div>` : nothing}
        </div>` : nothing}</li>`
  }

  #give(told, person) {
    const name = `give/${person.id}`
    if (this.form !== name) return this.#opens(name, html`${icon('plus')}${t('organisation.give')}<span class="unseen"> ${person.name}</span>`)
    return html`<online-form .app=${this.app} .name=${name} .words=${t('organisation.give-go')} .closed=${this.#close}
      .fields=${(given, values) => this.#roleFields(told, 'grant.give', given, values)}
      .check=${values => this.#wrongRole(told, 'grant.give', values)}
      .make=${async () => ({ grant: uuid7() })}
      .act=${async (values, { grant }) => {
        await this.#perform('grant.give', { grant, person: person.id, ...this.#asked(told, 'grant.give', values) })
        await this.#done('people', t('organisation.given', { name: person.name, role: t(`role.${values.role}`) }))
      }}></online-form>`
  }

  /** Which role, and where: fewer questions where there is only one answer. */
  #roleFields(told, verb, given, values) {
    const places = this.#places(told, verb, values.role)
    return html`${choiceField({ ...given('role'), legend: t('role.which'), options: this.#roles(told, verb).map(role => ({ value: role, label: t(`role.${role}`), hint: t(`role.${role}-hint`) })) })}
      ${this.#places(told, verb).length > 1 ? selectField({ ...given('where'), label: t('role.where-label'), empty: t('role.choose'), options: places.map(site => ({ value: site ?? WHOLE, label: this.#placeOf(told, site) ?? t('organisation.whole') })) })
        : html`<p>${t('role.only-at', { where: this.#placeOf(told, this.#places(told, verb)[0]) ?? t('organisation.whole') })}</p>`}`
  }

  #wrongRole(told, verb, values) {
    const { site } = this.#asked(told, verb, values)
    return {
      ...(values.role ? {} : { role: t('role.need') }),
      ...(site === undefined ? { where: t('role.need-where') }
        : values.role && !this.#places(told, verb, values.role).includes(site) ? { where: t('role.not-there') } : {}),
    }
  }

  /** The role and the site as the server asks for them; undefined where nothing was chosen. */
  #asked(told, verb, { role, where }) {
    const places = this.#places(told, verb)
    return { role, site: places.length === 1 ? places[0] : where === WHOLE ? null : where || undefined }
  }

  #endGrant = async (told, person, grant) => {
    const place = this.#placeOf(told, grant.site)
    if (!await ask({ title: t('organisation.end-role-title', { name: person.name, role: roleWords(grant.role, place) }), text: t(this.#isMe(person) ? 'organisation.end-own' : 'organisation.end-role-why'), yes: t('organisation.end-role'), danger: true })) return
    await this.#try(person, 'grant.end', { grant: grant.id }, t('organisation.role-ended', { name: person.name }))
  }

  #endPerson = async person => {
    if (!await ask({ title: t('organisation.end-person-title', { name: person.name }), text: t(this.#isMe(person) ? 'organisation.end-own' : 'organisation.end-person-why'), yes: t('organisation.end-person'), danger: true })) return
    await this.#try(person, 'person.end', { person: person.id }, t('organisation.person-ended', { name: person.name }))
  }

  #endDevice = async (person, device) => {
    if (!await ask({ title: t('devices.end-title', { device: device.name }), text: t('devices.end-why'), yes: t('devices.end'), danger: true })) return
    await this.#try(person, 'device.end', { device: device.id }, t('devices.ended', { device: device.name }))
  }

  // Invitations

  #invite(told) {
    if (!this.#places(told, 'person.invite').length) return nothing
    if (this.form !== 'invite') return this.#opens('invite', html`${icon('plus')}${t('invite.title')}`, !this.form)
    return html`<div class="inset stack"><h3>${t('invite.title')}</h3><p>${t('invite.about')}</p>
      <online-form .app=${this.app} .name=${`invite/${this.params.organisation}`} .words=${t('invite.go')} .closed=${this.#close}
        .fields=${(given, values) => html`${textField({ ...given('name'), label: t('invite.name'), hint: t('invite.name-hint'), maxlength: 120 })}
          ${textField({ ...given('email'), label: t('sign-in.email'), type: 'email', inputmode: 'email', maxlength: 254 })}
          ${this.#roleFields(told, 'person.invite', given, values)}`}
        .check=${values => this.#wrongInvitation(told, values)}
        .make=${async () => ({ invitation: uuid7(), ...await newSecret() })}
        .act=${(values, made) => this.#sendInvitation(told, values, made)}></online-form></div>`
  }

  #wrongInvitation(told, values) {
    const known = told.people.find(({ email, ended }) => !ended && email === values.email.toLowerCase())
    return {
      ...(values.name ? {} : { name: t('invite.need-name') }),
      ...(!/^\S+@\S+\.\S+$/.test(values.email) ? { email: t('invite.need-email') } : known ? { email: t('invite.known', { name: known.name }) } : {}),
      ...this.#wrongRole(told, 'person.invite', values),
    }
  }

  async #sendInvitation(told, values, { invitation, secret, sha256 }) {
    const { name, email } = values
    await this.#perform('person.invite', { invitation, name, email, ...this.#asked(told, 'person.invite', values), secret_sha256: sha256 })
    const mine = links.get(this.app.store) ?? new Map()
    links.set(this.app.store, mine.set(invitation, `${location.origin}/#/join/${invitation}/${secret}`))
    this.invited = invitation
    await this.#done('invitations', t('invite.done', { name }))
  }

  #invitations({ invitations, sites }) {
    if (!invitations.length) return nothing
    const mine = links.get(this.app.store)
    return html`<section class="card" aria-labelledby="invitations-title"><h2 id="invitations-title" tabindex="-1" data-heading>${t('invitations.title', { n: invitations.length })}</h2>
      <p class="quiet">${t('invitations.about')}</p>
      <ul class="listed">${invitations.map(one => html`<li>
        <div><h3>${one.name}</h3><p class="quiet">${one.email}</p>
          <p class="row"><span class="tag">${roleWords(one.role, this.#placeOf({ sites }, one.site))}</span><small>${t('invitations.until', { day: day(one.expires_at) })}</small></p></div>
        ${!mine?.has(one.id) ? nothing : this.invited === one.id ? html`<invitation-link .link=${mine.get(one.id)} .name=${one.name} .until=${one.expires_at}></invitation-link>`
          : html`<button class="linklike" @click=${() => { this.invited = one.id }}>${t('invitations.show')}<span class="unseen"> ${one.name}</span></button>`}</li>`)}</ul></section>`
  }

  // Settings

  #settings(told) {
    const { sites, organisation, sectors } = told
    return html`<section class="card" aria-labelledby="settings-title"><h2 id="settings-title" tabindex="-1" data-heading>${t('organisation.settings', { n: sites.length })}</h2>
      ${sites.length ? html`<ul class="listed">${sites.map(site => html`<li>
        <div class="row" data-spread data-nowrap><div><h3>${site.name}</h3><p class="quiet">${[sectors.find(({ id }) => id === site.sector)?.title, site.about].filter(Boolean).join(' · ')}</p></div>
          ${site.may.includes('site.change') && this.form !== `site/${site.id}` ? this.#opens(`site/${site.id}`, html`${t('organisation.change-site')}<span class="unseen"> ${site.name}</span>`) : nothing}</div>
        ${this.form === `site/${site.id}` ? this.#changeSite(told, site) : nothing}</li>`)}</ul>` : html`<p>${t('organisation.no-settings')}</p>`}
      ${!organisation.may.includes('site.add') ? nothing : this.form === 'site' ? this.#addSite(told)
        : this.#opens('site', html`${icon('plus')}${t('organisation.add-site')}`)}</section>`
  }

  #siteFields({ sectors }) {
    return given => html`${textField({ ...given('name'), label: t('site.name'), hint: t('site.name-hint'), maxlength: 120 })}
      ${choiceField({ ...given('sector'), legend: t('site.sector'), hint: t('site.sector-hint'), options: sectors.map(({ id, title }) => ({ value: id, label: title })) })}
      ${textField({ ...given('about'), label: t('site.about'), hint: t('site.about-hint'), maxlength: 200 })}`
  }

  #wrongSite(told, { name, sector }, own) {
    const taken = told.sites.some(site => site.id !== own && site.name.toLowerCase() === name.toLowerCase())
    return { ...(!name ? { name: t('site.need-name') } : taken ? { name: t('site.name-taken') } : {}), ...(sector ? {} : { sector: t('site.need-sector') }) }
  }

  #addSite(told) {
    return html`<div class="inset stack"><h3>${t('organisation.add-site')}</h3>
      <online-form .app=${this.app} .name=${`add-site/${this.params.organisation}`} .words=${t('site.add')} .closed=${this.#close}
        .fields=${this.#siteFields(told)} .check=${values => this.#wrongSite(told, values)}
        .make=${async () => ({ site: uuid7() })}
        .act=${async ({ name, sector, about }, { site }) => {
          await this.#perform('site.add', { site, name, sector, about })
          await this.#done('settings', t('site.added', { name }))
        }}></online-form></div>`
  }

  #changeSite(told, site) {
    return html`<div class="inset"><online-form .app=${this.app} .name=${`site/${site.id}`} .words=${t('site.save')} .closed=${this.#close}
      .start=${{ name: site.name, sector: site.sector, about: site.about }}
      .fields=${this.#siteFields(told)} .check=${values => this.#wrongSite(told, values, site.id)}
      .act=${async ({ name, sector, about }) => {
        await this.#perform('site.change', { site: site.id, name, sector, about })
        await this.#done('settings', t('site.changed', { name }))
      }}></online-form></div>`
  }

  // The organisation itself

  #organisation({ organisation }) {
    const { id, name, may } = organisation
    const history = may.includes('organisation.see') && this.app.hasRoute(`#/organisations/${id}/history`)
    if (!history && !may.includes('organisation.change')) return nothing
    return html`<section class="card" aria-labelledby="organisation-title"><h2 id="organisation-title" tabindex="-1" data-heading>${t('organisation.itself')}</h2>
      ${history ? html`<ul class="link-list"><li><a href="#/organisations/${id}/history">${icon('history')}<span>${t('history.title')}</span>${icon('next')}</a></li></ul>` : nothing}
      ${!may.includes('organisation.change') ? nothing : this.form !== 'rename' ? this.#opens('rename', t('organisation.rename'))
        : html`<online-form .app=${this.app} .name=${`rename/${id}`} .words=${t('organisation.rename-go')} .closed=${this.#close} .start=${{ name }}
          .fields=${given => textField({ ...given('name'), label: t('organisation.name'), maxlength: 120 })}
          .check=${values => values.name ? {} : { name: t('organisation.need-name') }}
          .act=${async values => {
            await this.#perform('organisation.change', { name: values.name })
            await this.#done('organisation', t('organisation.renamed', { name: values.name }))
          }}></online-form>`}</section>`
  }

  // Asking the server

  async #fetch() {
    const { sync } = this.app
    const [told, { sectors }] = await Promise.all([sync.fetchJSON(`/api/organisations/${this.params.organisation}`), sync.fetchJSON(`/api/checklists?language=${language}`)])
    return { ...told, sectors }
  }

  #perform(kind, payload) { return this.app.sync.perform(this.params.organisation, kind, payload) }

  /** Something about a person that takes one tap; what goes wrong is said beside their name. */
  async #try(person, kind, payload, words) {
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

  /** A button that a form takes the place of. */
  #opens(form, words, main = false) {
    return html`<div class="row"><button class="button" id=${idOf(form)} ?data-main=${main} @click=${() => { this.form = form }}>${words}</button></div>`
  }

  #close = async () => {
    const id = idOf(this.form)
    this.form = undefined
    await this.updateComplete
    document.getElementById(id)?.focus()
  }

  // Who may what, where

  get #home() { return this.app.store.home?.organisations.find(({ id }) => id === this.params.organisation) }

  get #grants() { return this.app.store.home?.grants ?? [] }

  #isMe({ id }) { return id === this.app.store.person.id }

  #placeOf({ sites }, site) { return site === null ? undefined : sites.find(({ id }) => id === site)?.name ?? '' }

  /** The places where one may `verb`, null for the whole organisation; with a role, only those where one may give it. */
  #places({ organisation, sites }, verb, role) {
    const places = [...(organisation.may.includes(verb) ? [null] : []), ...sites.filter(({ may }) => may.includes(verb)).map(({ id }) => id)]
    return role ? places.filter(site => rolesToGive(this.#grants, organisation.id, site).includes(role)) : places
  }

  #roles(told, verb) {
    return ROLES.filter(role => this.#places(told, verb, role).length)
  }

  #mayEnd(told, { role, site }) { return this.#places(told, 'grant.end', role).includes(site) }

  /** Whether one may end every role this person has here. */
  #outranks({ grants }) {
    return grants.every(({ role }) => rolesToGive(this.#grants, this.params.organisation, null).includes(role))
  }
}
customElements.define('organisation-view', OrganisationView)

const idOf = form => `open-${form.replace('/', '-')}`
