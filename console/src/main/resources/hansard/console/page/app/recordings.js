import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import { dayAndTime, duration, nameOf, plural, titleOf } from './format.js';
import { callUrl } from './router.js';

const PAGE = 25;

const STATES = {
  live: ['Live', 'The call is going on'],
  open: ['Live', 'The call is going on'],
  paused: ['Paused', 'Recording is paused'],
  closed: ['Finishing', 'The call is over; the recording is being completed'],
  sealed: ['Sealed', 'The recording is complete and its pieces are fixed by their hashes'],
  purged: ['Erased', 'The keys are destroyed: nobody can open this recording any more'],
};

export function stateBadge(state) {
  const [label, meaning] = STATES[state] ?? [state, ''];
  return html`<span class="badge state-${state}" title=${meaning} data-testid="state-badge">${label}</span>`;
}

const END_TO_END = {
  'key-not-released': ['Key not released', 'End-to-end encrypted: the participants’ key was not released, so nobody can hear or see it'],
  'partly-opened': ['Partly opened', 'End-to-end encrypted: the key was released for some of it only'],
  opened: ['End-to-end, opened', 'It was end-to-end encrypted; the participants’ key was released'],
  live: ['End-to-end', 'End-to-end encrypted'],
};

/** How far what participants sealed end to end is open; nothing for other calls. */
export function endToEndBadge(endToEnd) {
  if (!endToEnd) return nothing;
  const [label, meaning] = END_TO_END[endToEnd] ?? [endToEnd, ''];
  return html`<span class="badge end-to-end ${endToEnd}" title=${meaning} data-testid="end-to-end-badge">${label}</span>`;
}

/** What a glance at a list should tell: a record of which nothing was captured, or not all. */
export function completenessBadge(completeness) {
  if (!completeness || completeness.state === 'complete') return nothing;
  const label = completeness.state === 'nothing' ? 'Nothing captured' : `${completeness.percentCaptured} % captured`;
  return html`<span class="badge completeness-${completeness.state}" title=${completeness.verdict} data-testid="completeness-badge">${label}</span>`;
}

/** A list of calls, the newest first; each row opens its call. */
export function recordingRows(recordings) {
  return html`<ul class="rows card" data-testid="recordings">${recordings.map((r) => html`<li>
    <a href=${callUrl(r.callId)} class="row" data-testid="recording-row">
      <span class="row-title">${titleOf(r)}</span>
      <span class="row-state">${stateBadge(r.state)} ${endToEndBadge(r.endToEnd)} ${completenessBadge(r.completeness)}</span>
      <span class="row-meta">${[dayAndTime(r.startedAt), r.department, r.client].filter(Boolean).join(' · ')}</span>
      <span class="row-people">${(r.participants ?? []).map(nameOf).join(', ') || 'Nobody named'}</span>
      <span class="row-duration">${r.state === 'live' ? 'now' : duration(r.durationMs)}</span>
    </a></li>`)}</ul>`;
}

export const skeletonRows = html`<div class="rows card skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i></div>`;

class Recordings extends LitElement {
  static properties = { recordings: { state: true }, total: { state: true }, busy: { state: true }, failure: { state: true } };

  constructor() {
    super();
    this.recordings = [];
    this.total = 0;
    this.busy = true;
    this.failure = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Recordings · Hansard';
    this.load();
  }

  async load() {
    this.busy = true;
    this.failure = '';
    try {
      const page = await api.get('/v1/recordings', { limit: PAGE, offset: this.recordings.length });
      this.recordings = [...this.recordings, ...page.recordings];
      this.total = page.total;
    } catch (e) {
      this.failure = e.message;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<div class="page-head"><h1>Recordings</h1>
        <p class="muted" role="status">${this.busy && !this.recordings.length ? 'Loading…' : plural(this.total, 'call')}</p></div>
      ${this.failure ? html`<div class="card notice" role="alert"><p>${this.failure}</p>
        <button @click=${() => this.load()}>Try again</button></div>` : nothing}
      ${this.recordings.length ? recordingRows(this.recordings) : this.busy ? skeletonRows : this.renderNone()}
      ${this.recordings.length < this.total ? html`<p class="more"><button ?disabled=${this.busy} @click=${() => this.load()}>
        ${this.busy ? 'Loading…' : 'Show more'}</button></p>` : nothing}`;
  }

  renderNone() {
    if (this.failure) return nothing;
    return html`<div class="empty card"><h2>No recordings yet</h2>
      <p>Calls appear here as soon as they begin. You see those you took part in, and those you oversee.</p></div>`;
  }
}

customElements.define('hansard-recordings', Recordings);
