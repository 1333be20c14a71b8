import { LitElement, html, nothing } from 'lit';
import * as api from '../api.js';
import * as icons from '../icons.js';
import { count, dayAndTime, day, exact, plural } from '../format.js';

const ACTIONS = {
  'call.opened': 'opened the call',
  'call.closed': 'closed the call',
  'key.opened': 'opened a session key',
  'key.refused': 'was refused a key',
  'track.reopened': 'made a track anew with released keys',
  'key.destroyed': 'destroyed a key',
  'frame-keys.released': 'released end-to-end keys',
  'frame-key.opened': 'opened an end-to-end key',
  'stream.announced': 'announced a stream',
  'stream.rekeyed': 'gave a stream another key',
  search: 'found it in a search',
  view: 'opened the recording',
  report: 'read the report',
  'transcript.read': 'read the transcript',
  play: 'listened',
  download: 'downloaded',
  'play.original': 'listened to the original',
  'download.original': 'downloaded the original',
  export: 'exported',
  'hold.placed': 'placed a hold',
  'hold.released': 'released a hold',
  'original.discard-started': 'began to destroy an original',
  'original.discarded': 'destroyed an original that is not kept',
  'purge.ordered': 'ordered the erasure',
  'purge.started': 'began the erasure',
  'purge.done': 'erased it',
  'recording.paused': 'paused the recording',
  'recording.resumed': 'resumed the recording',
  'media.stored': 'stored the media',
  'composite.ordered': 'ordered one video of everybody',
  'transcript.stored': 'stored the transcript',
  'transcript.ordered': 'ordered another transcript',
  'transcript.track-opened': 'opened a track to transcribe it again',
};

const said = (action) => ACTIONS[action] ?? action.replace(/[._-]/g, ' ');

/** How long it is kept, what keeps it longer, and who has heard it. For compliance officers. */
class Custody extends LitElement {
  static properties = {
    callId: { attribute: false },
    retention: { state: true },
    audit: { state: true },
    failure: { state: true },
    complaint: { state: true },
    releasing: { state: true },
    busy: { state: true },
    status: { state: true },
  };

  constructor() {
    super();
    this.retention = null;
    this.audit = null;
    this.failure = '';
    this.complaint = '';
    this.releasing = null;
    this.busy = false;
    this.status = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.failure = '';
    const [retention, audit] = await Promise.allSettled([
      api.get(`/v1/retention/${encodeURIComponent(this.callId)}`),
      api.get('/v1/audit', { callId: this.callId, limit: 50 }),
    ]);
    if (retention.status === 'fulfilled') this.retention = retention.value;
    else this.failure = retention.reason.message;
    if (audit.status === 'fulfilled') this.audit = audit.value;
    else this.failure = audit.reason.message;
  }

  place(e) {
    e.preventDefault();
    const reason = new FormData(e.target).get('reason').trim();
    if (!reason) {
      this.complaint = 'Say why, so that whoever asks later finds the answer here.';
      this.querySelector('[data-testid=hold-reason]').focus();
      return;
    }
    const form = e.target;
    this.change(() => api.post('/v1/holds', { callId: this.callId, reason }), 'The hold is in place.').then((done) => done && form.reset());
  }

  release(e, hold) {
    e.preventDefault();
    const reason = new FormData(e.target).get('release').trim();
    if (!reason) {
      e.target.querySelector('input').focus();
      return;
    }
    this.change(() => api.del(`/v1/holds/${encodeURIComponent(hold.holdId)}`, { reason }), 'The hold is released.');
  }

  async change(what, done) {
    this.busy = true;
    this.complaint = '';
    try {
      await what();
      this.status = done;
      this.releasing = null;
      await this.load();
      return true;
    } catch (e) {
      this.complaint = e.message;
      return false;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<section class="card panel" aria-labelledby="custody-title" data-testid="custody">
      <h2 id="custody-title">Custody</h2>
      ${this.failure ? html`<p class="form-error" role="alert">${this.failure} <button class="inline" @click=${() => this.load()}>Try again</button></p>` : nothing}
      <p class="visually-hidden" role="status">${this.status}</p>
      ${this.retention ? this.renderRetention(this.retention) : nothing}
      ${this.audit ? this.renderAudit(this.audit) : nothing}</section>`;
  }

  renderRetention(r) {
    const held = r.holds?.length > 0;
    const gone = r.state === 'purged';
    return html`<dl class="facts">
        <div><dt>Policy</dt><dd>${typeof r.policy === 'string' ? r.policy : (r.policy?.name ?? 'none')}</dd></div>
        <div><dt>Kept until</dt><dd data-testid="keep-until">${gone ? 'erased' : r.keepUntil ? html`${day(r.keepUntil)}${held ? html` <span class="muted">or as long as it is held</span>` : nothing}` : held ? 'it is released' : 'further notice'}</dd></div></dl>
      ${held ? html`<ul class="holds">${r.holds.map((h) => this.renderHold(h))}</ul>` : nothing}
      ${gone ? nothing : this.renderPlace(held)}
      ${r.receipts?.length ? html`<h3>Receipts</h3><ul class="receipts">${r.receipts.map((x) => html`<li>
        <b>${count(x.count)} ${x.what}</b> erased by ${x.by}<span class="muted" title=${exact(x.at ?? x.atMicros)}> · ${dayAndTime(x.at ?? x.atMicros)}</span>
        ${x.evidence ? html`<span class="evidence">${x.evidence}</span>` : nothing}</li>`)}</ul>` : nothing}`;
  }

  renderHold(h) {
    return html`<li class="hold" data-testid="hold">${icons.lock}<div><b>On hold</b>: ${h.reason}
      <span class="muted">${[h.by, dayAndTime(h.at ?? h.placedAt ?? h.atMicros)].filter(Boolean).join(' · ')}</span>
      ${this.releasing === h.holdId
        ? html`<form class="inline-form" @submit=${(e) => this.release(e, h)} novalidate><label class="visually-hidden" for="release">Reason for the release</label>
            <input id="release" name="release" placeholder="Why is it released?" maxlength="500" autocomplete="off" required>
            <button ?disabled=${this.busy}>Release</button><button type="button" class="quiet" @click=${() => (this.releasing = null)}>Cancel</button></form>`
        : html`<button class="inline" data-testid="hold-release" @click=${() => (this.releasing = h.holdId)}>Release…</button>`}</div></li>`;
  }

  renderPlace(held) {
    return html`<form class="place-hold" @submit=${this.place} novalidate>
      <label for="hold-reason">${held ? 'Place another hold' : 'Place a hold'}</label>
      <div class="inline-form"><input id="hold-reason" name="reason" placeholder="Reason, such as a case number" maxlength="500" autocomplete="off" data-testid="hold-reason"
        aria-invalid=${this.complaint ? 'true' : 'false'} aria-describedby="hold-complaint" @input=${() => (this.complaint = '')}>
        <button ?disabled=${this.busy} data-testid="hold-submit">Hold</button></div>
      <p id="hold-complaint" class="form-error" role="alert" ?hidden=${!this.complaint} data-testid="hold-complaint">${this.complaint}</p>
      <p class="muted hint" ?hidden=${held || this.complaint !== ''}>Nothing erases a recording while a hold is on it.</p></form>`;
  }

  renderAudit({ events, chain }) {
    return html`<h3>Who did what</h3>
      ${events.length === 0 ? html`<p class="muted">Nothing is on record for this call yet.</p>` : html`<ol class="audit" data-testid="audit">${events.map((e) => html`<li>
        <span class="audit-what"><b>${e.actor}</b> ${said(e.action)}${e.outcome && e.outcome !== 'ok' ? html` <span class="badge bad">${e.outcome}</span>` : nothing}</span>
        <time class="muted" title=${exact(e.at ?? e.atMicros)}>${dayAndTime(e.at ?? e.atMicros)}</time></li>`)}</ol>`}
      ${chain ? html`<p class="chain ${chain.intact ? 'good' : 'bad'}" title=${chain.head ? `Head ${chain.head}` : nothing}>${chain.intact ? icons.check : icons.alert}
        ${chain.intact ? `The audit's chain of ${plural(chain.length, 'event')} is intact.` : "The audit's chain is broken: an event was changed or removed."}</p>` : nothing}`;
  }
}

customElements.define('hansard-custody', Custody);
