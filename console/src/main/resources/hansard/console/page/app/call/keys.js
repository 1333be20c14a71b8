import { LitElement, html, nothing } from 'lit';
import * as api from '../api.js';
import { clock } from '../format.js';

/**
 * The keys that were pressed on telephones. They are content, like words: nobody sees them who does not ask, and that somebody did is in the
 * audit.
 */
class Keys extends LitElement {
  static properties = { callId: { attribute: false }, keys: { state: true }, note: { state: true } };

  constructor() {
    super();
    this.keys = null;
    this.note = '';
  }

  createRenderRoot() {
    return this;
  }

  async opened(e) {
    if (!e.target.open || this.keys !== null) return;
    this.note = 'Loading…';
    try {
      this.keys = (await api.get(api.recordingPath(this.callId, '/keys'))).keys;
      this.note = this.keys.length ? '' : 'Nobody pressed a key.';
    } catch (failure) {
      this.note = failure.message;
    }
  }

  jump(ms) {
    this.dispatchEvent(new CustomEvent('jump', { detail: ms, bubbles: true }));
  }

  render() {
    return html`<section class="card panel" data-testid="pressed-keys"><details @toggle=${this.opened}><summary>Keys pressed</summary>
      ${this.note ? html`<p class="muted">${this.note}</p>` : nothing}
      ${this.keys?.length ? html`<ul class="gaps">${this.keys.map((k) => html`<li><button class="gap" @click=${() => this.jump(k.startMs)}>
        <b>${k.key}</b> ${k.participant} at ${clock(k.startMs)}${k.ended ? nothing : ', its end was not seen'}</button></li>`)}</ul>` : nothing}</details></section>`;
  }
}

customElements.define('hansard-keys', Keys);
