import { LitElement, html, nothing } from 'lit';
import * as api from '../api.js';
import * as icons from '../icons.js';
import { duration } from '../format.js';

const LOOK_MS = 1000;

/** One video of everybody: made when somebody asks for it, which takes a while. */
class Composite extends LitElement {
  static properties = {
    callId: { attribute: false },
    composite: { attribute: false },
    complaint: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.composite = { state: 'none' };
    this.complaint = '';
    this.busy = false;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  updated(changed) {
    if (changed.has('composite') && this.composite.state === 'making') this.lookSoon();
  }

  async order() {
    this.busy = true;
    this.complaint = '';
    try {
      this.composite = await api.post(api.recordingPath(this.callId, '/composite'));
    } catch (e) {
      this.complaint = e.message;
    } finally {
      this.busy = false;
    }
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), LOOK_MS);
  }

  async look() {
    try {
      const now = (await api.get(api.recordingPath(this.callId))).composite;
      // what was ordered a moment ago may not have been begun
      this.composite = now.state === 'none' ? { ...this.composite } : now;
      this.complaint = '';
    } catch (e) {
      this.complaint = e.message;
      this.lookSoon();
    }
  }

  render() {
    const c = this.composite;
    return html`<section class="card panel composite" aria-labelledby="composite-title" data-testid="composite">
      <h2 id="composite-title">One video of everybody</h2>
      ${c.state === 'making' ? this.renderMaking(c) : c.state === 'ready' ? this.renderReady(c) : this.renderNone(c)}
      ${this.complaint ? html`<p class="form-error" role="alert">${this.complaint}</p>` : nothing}</section>`;
  }

  renderNone(c) {
    if (c.state === 'withheld') return html`<p class="muted">It is withheld, ${c.reason}.</p>`;
    return html`<p class="muted">${c.state === 'failed' ? html`It could not be made: ${c.reason}` : 'All participants side by side, with names, time and sound, in one file to keep or to hand on.'}</p>
      <button data-testid="composite-order" ?disabled=${this.busy} @click=${() => this.order()}>${c.state === 'failed' ? 'Try again' : 'Make the video'}</button>`;
  }

  renderMaking(c) {
    return html`<div class="progress-line"><progress max="100" .value=${c.percent} aria-label="The video is being made"></progress>
      <span data-testid="composite-percent">${c.percent} %</span></div><p class="muted">You can leave this page; it goes on.</p>`;
  }

  renderReady(c) {
    return html`<video controls preload="none" playsinline src=${c.media} data-testid="composite-video" aria-label="Video of everybody"></video>
      <p class="composite-foot"><span class="muted">${duration(c.durationMs)}</span>
        <a class="button" href="${c.media}?download=1" download="${this.callId}-everybody.webm">${icons.download}<span>Download</span></a></p>`;
  }
}

customElements.define('hansard-composite', Composite);
