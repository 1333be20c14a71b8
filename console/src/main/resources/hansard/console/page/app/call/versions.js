import { LitElement, html, nothing } from 'lit';
import * as api from '../api.js';
import { dayAndTime } from '../format.js';

const LOOK_MS = 2000;
const STATES = { current: 'shown to everybody', kept: 'kept', waiting: 'being made', failed: 'not made' };

/** The versions of a sealed recording's words: which is shown, the others to look at, and another to be made. */
class Versions extends LitElement {
  static properties = {
    callId: { attribute: false },
    mayOrder: { attribute: false },
    versions: { state: true },
    shown: { state: true },
    asking: { state: true },
    complaint: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.mayOrder = false;
    this.versions = [];
    this.shown = null; // null is the current one, whichever that is
    this.asking = false;
    this.complaint = '';
    this.busy = false;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  async look() {
    clearTimeout(this.timer);
    try {
      const { current, versions } = await api.get(api.recordingPath(this.callId, '/transcripts'));
      const before = this.versions.find((v) => v.state === 'current');
      this.versions = versions;
      if (before && before.version !== current && this.shown === null) this.choose(null);
      this.complaint = '';
      if (this.versions.some((v) => v.state === 'waiting') && this.isConnected) this.timer = setTimeout(() => this.look(), LOOK_MS);
    } catch (e) {
      this.complaint = e.message;
    }
  }

  choose(version) {
    this.shown = version;
    this.dispatchEvent(new CustomEvent('version', { detail: version }));
  }

  async order(e) {
    e.preventDefault();
    const { model, reason } = Object.fromEntries(new FormData(e.target));
    this.busy = true;
    this.complaint = '';
    try {
      this.versions = [...this.versions, await api.post(api.recordingPath(this.callId, '/transcripts'), { model, reason })];
      this.asking = false;
      this.timer = setTimeout(() => this.look(), LOOK_MS);
    } catch (problem) {
      this.complaint = problem.message;
    } finally {
      this.busy = false;
    }
  }

  render() {
    if (this.versions.length < 2 && !this.mayOrder) return nothing;
    return html`<section class="card panel versions" aria-labelledby="versions-title" data-testid="versions">
      <h2 id="versions-title">Versions of the transcript</h2>
      <ul>${this.versions.map((v) => this.renderVersion(v))}</ul>
      ${this.mayOrder ? this.renderOrder() : nothing}
      ${this.complaint ? html`<p class="form-error" role="alert">${this.complaint}</p>` : nothing}</section>`;
  }

  renderVersion(v) {
    const there = v.state === 'current' || v.state === 'kept';
    const chosen = this.shown === null ? v.state === 'current' : v.version === this.shown;
    const about = [v.at ? dayAndTime(v.at) : '', v.by ? `ordered by ${v.by}` : '', v.reason].filter(Boolean).join(' · ');
    return html`<li class=${v.state}><label>
      <input type="radio" name="version" .checked=${chosen} ?disabled=${!there} @change=${() => this.choose(v.state === 'current' ? null : v.version)}>
      <span><strong>${v.version === 0 ? 'As heard at first' : v.model}</strong> <span class="state">${STATES[v.state]}</span>
        ${about ? html`<small>${about}</small>` : nothing}${v.why ? html`<small class="why">${v.why}</small>` : nothing}</span></label></li>`;
  }

  renderOrder() {
    if (!this.asking) return html`<button data-testid="versions-again" @click=${() => (this.asking = true)} ?disabled=${this.versions.some((v) => v.state === 'waiting')}>Transcribe again…</button>`;
    return html`<form @submit=${(e) => this.order(e)}>
      <label>Speech model <input name="model" required maxlength="200" autocomplete="off" placeholder="its name in the catalogue"></label>
      <label>Reason, for the record <input name="reason" required maxlength="500" autocomplete="off"></label>
      <p class="muted small-text">The recording's keys are opened once more for it. This version stays.</p>
      <div class="form-line"><button class="primary" ?disabled=${this.busy}>Transcribe again</button>
        <button type="button" @click=${() => (this.asking = false)}>Cancel</button></div></form>`;
  }
}

customElements.define('hansard-versions', Versions);
