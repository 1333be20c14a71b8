import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import * as icons from './icons.js';
import { clock, dayAndTime, pieces, plural, titleOf } from './format.js';
import { recordingRows, skeletonRows } from './recordings.js';
import { callUrl, navigate } from './router.js';
import { colours } from './speakers.js';

const PAGE = 20;
const FILTERS = [
  ['speaker', 'Speaker', 'text'],
  ['department', 'Department', 'text'],
  ['client', 'Client', 'text'],
  ['from', 'From', 'date'],
  ['to', 'To', 'date'],
];

/** Hits of one call together, calls in the order of their best hit. */
function grouped(hits) {
  const byCall = new Map();
  for (const hit of hits) {
    if (!byCall.has(hit.callId)) byCall.set(hit.callId, []);
    byCall.get(hit.callId).push(hit);
  }
  return [...byCall.values()];
}

class Search extends LitElement {
  static properties = {
    asked: { state: true },
    hits: { state: true },
    total: { state: true },
    tookMs: { state: true },
    recent: { state: true },
    busy: { state: true },
    failure: { state: true },
    active: { state: true },
  };

  constructor() {
    super();
    this.asked = {};
    this.hits = null;
    this.total = 0;
    this.tookMs = 0;
    this.recent = null;
    this.busy = false;
    this.failure = '';
    this.active = -1;
    this.onMoved = () => this.fromAddress();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('popstate', this.onMoved);
    window.addEventListener('hansard-navigated', this.onMoved);
    this.fromAddress();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.onMoved);
    window.removeEventListener('hansard-navigated', this.onMoved);
    this.request?.abort();
  }

  firstUpdated() {
    this.querySelector('#q').focus({ preventScroll: true });
  }

  /** The address says what is asked; the form follows it. */
  fromAddress() {
    if (location.pathname !== '/' && location.pathname !== '/search') return;
    const params = new URLSearchParams(location.search);
    const asked = { q: params.get('q') ?? '' };
    for (const [name] of FILTERS) asked[name] = params.get(name) ?? '';
    if (JSON.stringify(asked) === JSON.stringify(this.asked)) return;
    this.asked = asked;
    document.title = asked.q ? `${asked.q} · Hansard` : 'Search · Hansard';
    if (asked.q) this.run(0);
    else this.showRecent();
  }

  async run(offset) {
    this.request?.abort();
    this.request = new AbortController();
    const mine = this.request;
    this.busy = true;
    this.failure = '';
    if (offset === 0) {
      this.hits = null;
      this.active = -1;
    }
    try {
      const answer = await api.get('/v1/search', { ...this.asked, limit: PAGE, offset }, mine.signal);
      this.hits = offset === 0 ? answer.hits : [...this.hits, ...answer.hits];
      this.total = answer.total;
      this.tookMs = answer.tookMs;
    } catch (e) {
      if (e.name !== 'AbortError') this.failure = e.message;
    } finally {
      if (mine === this.request) this.busy = false;
    }
  }

  async showRecent() {
    this.request?.abort();
    this.busy = false;
    this.hits = null;
    this.failure = '';
    try {
      this.recent = (await api.get('/v1/recordings', { limit: 6 })).recordings;
    } catch (e) {
      this.failure = e.message;
    }
  }

  submit(e) {
    e.preventDefault();
    const form = new FormData(this.querySelector('form'));
    const params = new URLSearchParams();
    for (const [name, value] of form) if (value.trim()) params.set(name, value.trim());
    const url = params.size ? `/search?${params}` : '/';
    if (url === location.pathname + location.search) {
      if (this.ordered().length) this.open(Math.max(0, this.active));
      else if (params.get('q')) this.run(0);
    } else {
      navigate(url);
    }
  }

  ordered() {
    return grouped(this.hits ?? []).flat();
  }

  open(i) {
    const hit = this.ordered()[i];
    if (hit) navigate(callUrl(hit.callId, hit.playFromMs ?? hit.startMs, this.asked.q), { state: { play: true } });
  }

  key(e) {
    const last = this.ordered().length - 1;
    if (last < 0 || (e.target.closest('details') && e.target.tagName === 'INPUT')) return;
    if (e.key === 'ArrowDown') this.move(Math.min(last, this.active + 1), e);
    else if (e.key === 'ArrowUp') this.move(this.active - 1, e);
    else if (e.key === 'Escape') this.move(-1, e);
  }

  async move(to, e) {
    e.preventDefault();
    this.active = Math.max(-1, to);
    await this.updateComplete;
    if (this.active < 0) this.querySelector('#q').focus();
    else this.querySelectorAll('[data-testid=search-hit]')[this.active].focus();
  }

  clearFilters() {
    navigate(`/search?${new URLSearchParams({ q: this.asked.q })}`);
  }

  render() {
    const filters = FILTERS.filter(([name]) => this.asked[name]).length;
    return html`<div @keydown=${this.key}>
      <form role="search" class="search-form ${this.asked.q ? '' : 'roomy'}" @submit=${this.submit}>
        ${this.asked.q ? nothing : html`<h1>Find what was said</h1>`}
        <div class="search-field">${icons.search}
          <label class="visually-hidden" for="q">Words that were said</label>
          <input id="q" name="q" type="search" .value=${this.asked.q ?? ''} placeholder="Words, or “an exact phrase”"
            autocomplete="off" enterkeyhint="search" data-slash data-testid="search-input" aria-keyshortcuts="/">
          <kbd aria-hidden="true">/</kbd>
          <button class="primary" type="submit" data-testid="search-submit">Search</button></div>
        <details class="filters" ?open=${filters > 0}><summary>${icons.filter} Filters${filters ? html` <b>${filters}</b>` : nothing}</summary>
          <div class="filter-fields">${FILTERS.map(([name, label, type]) => html`<div><label for="f-${name}">${label}</label>
            <input id="f-${name}" name=${name} type=${type} .value=${this.asked[name] ?? ''} autocomplete="off"></div>`)}</div></details>
      </form>
      ${this.failure ? html`<div class="card notice" role="alert"><p>${this.failure}</p>
        <button @click=${() => (this.asked.q ? this.run(0) : this.showRecent())}>Try again</button></div>` : nothing}
      ${this.asked.q ? this.renderResults() : this.renderRecent()}</div>`;
  }

  renderRecent() {
    if (this.failure) return nothing;
    return html`<section aria-labelledby="recent"><h2 id="recent" class="section-title">Recent calls</h2>
      ${this.recent === null ? skeletonRows : this.recent.length ? recordingRows(this.recent)
        : html`<div class="card empty"><h2>No calls yet</h2><p>As soon as a call is recorded, you can search it here.</p></div>`}</section>`;
  }

  renderResults() {
    if (this.hits === null) return this.busy ? skeletonRows : nothing;
    if (this.hits.length === 0) return this.renderNothing();
    const groups = grouped(this.hits);
    let i = 0;
    return html`<p class="result-count" role="status">${plural(this.total, 'place')} in ${plural(groups.length, 'call')}${this.hits.length < this.total ? ' so far' : ''}
        <span class="muted">· ${this.tookMs} ms</span><span class="keys muted" aria-hidden="true"><kbd>↑</kbd><kbd>↓</kbd> move <kbd>↵</kbd> play</span></p>
      ${groups.map((hits) => {
        const first = hits[0];
        const colour = colours(hits.map((h) => h.participantId ?? h.participant));
        return html`<section class="card hits" aria-label=${titleOf(first)}>
          <header><a href=${callUrl(first.callId)} class="hits-title">${titleOf(first)}</a>
            <p class="muted">${[dayAndTime(first.startedAt), first.department, first.client].filter(Boolean).join(' · ')}</p></header>
          <ul>${hits.map((hit) => this.renderHit(hit, i++, colour))}</ul></section>`;
      })}
      ${this.hits.length < this.total ? html`<p class="more"><button ?disabled=${this.busy} @click=${() => this.run(this.hits.length)}>
        ${this.busy ? 'Searching…' : 'Show more'}</button></p>` : nothing}`;
  }

  renderHit(hit, i, colour) {
    return html`<li><a class="hit ${i === this.active ? 'active' : ''}" data-testid="search-hit" data-play
        href=${callUrl(hit.callId, hit.playFromMs ?? hit.startMs, this.asked.q)} @focus=${() => (this.active = i)}>
      <span class="hit-time">${clock(hit.startMs)}</span>
      <span class="hit-body"><span class="hit-speaker ${colour.get(hit.participantId ?? hit.participant)}">${hit.participant}</span>
        <span class="hit-text">${pieces(hit.snippet ?? hit.text).map((p) => (p.marked ? html`<mark>${p.text}</mark>` : p.text))}</span></span>
      <span class="hit-play" aria-hidden="true">${icons.play}</span></a></li>`;
  }

  renderNothing() {
    const filtered = FILTERS.some(([name]) => this.asked[name]);
    return html`<div class="card empty" role="status" data-testid="no-hits"><h2>Nobody said “${this.asked.q}”</h2>
      <p>… in the calls that you may hear${filtered ? ', with these filters' : ''}.</p>
      <ul class="hints">
        ${filtered ? html`<li><button class="inline" @click=${() => this.clearFilters()}>Search without filters</button></li>` : nothing}
        <li>Try fewer words, or another form of the word: transcripts hold what was heard, so “for” may stand for “four”.</li>
        <li>Names are often misheard. Search for a word said next to the name, or filter by speaker.</li>
        <li>Look through <a href="/recordings">all recordings</a>.</li></ul></div>`;
  }
}

customElements.define('hansard-search', Search);
