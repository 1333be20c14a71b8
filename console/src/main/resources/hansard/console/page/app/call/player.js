import { LitElement, html, nothing } from 'lit';
import * as icons from '../icons.js';
import { clock } from '../format.js';

const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];

/** Play, seek, speed and the time; the keyboard's space, arrows and J K L when no field has the focus. */
class Player extends LitElement {
  static properties = {
    playhead: { attribute: false },
    lengthMs: { attribute: false },
    why: { attribute: false },
    playing: { state: true },
    rate: { state: true },
    failed: { state: true },
  };

  constructor() {
    super();
    this.playing = false;
    this.rate = 1;
    this.failed = false;
    this.why = '';
    this.onState = () => {
      this.playing = this.playhead.playing;
      this.rate = this.playhead.rate;
      this.failed = this.playhead.audio.error !== null && this.playhead.audio.hasAttribute('src');
    };
    this.onTime = () => this.showTime();
    this.onKey = (e) => this.key(e);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.onKey);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.onKey);
  }

  updated(changed) {
    if (changed.has('playhead') && this.playhead) {
      this.playhead.addEventListener('state', this.onState);
      this.playhead.addEventListener('time', this.onTime);
    }
    this.showTime();
  }

  /** Written by hand: sixty renders a second for a few digits would be a waste. */
  showTime() {
    const now = this.querySelector('.now');
    const text = clock(this.playhead?.ms ?? 0);
    if (now && now.textContent !== text) now.textContent = text;
  }

  key(e) {
    if (this.why || e.metaKey || e.ctrlKey || e.altKey) return;
    if (e.target.closest?.('input, textarea, select, button, a, summary, [role=slider]')) return;
    if (e.key === ' ' || e.key === 'k') this.playhead.toggle();
    else if (e.key === 'ArrowLeft' || e.key === 'j') this.skip(-5000);
    else if (e.key === 'ArrowRight' || e.key === 'l') this.skip(5000);
    else return;
    e.preventDefault();
  }

  skip(ms) {
    this.playhead.seek(this.playhead.ms + ms);
  }

  render() {
    const off = Boolean(this.why);
    return html`<div class="controls" role="group" aria-label="Player">
      <button class="round" title="Back 5 seconds (←)" aria-label="Back 5 seconds" ?disabled=${off} @click=${() => this.skip(-5000)}>${icons.back}</button>
      <button class="round primary big" title="Play or pause (space)" aria-label=${this.playing ? 'Pause' : 'Play'} ?disabled=${off}
        data-testid="play-toggle" @click=${() => this.playhead.toggle()}>${this.playing ? icons.pause : icons.play}</button>
      <button class="round" title="Forward 5 seconds (→)" aria-label="Forward 5 seconds" ?disabled=${off} @click=${() => this.skip(5000)}>${icons.forward}</button>
      <span class="clock"><span class="now" data-testid="player-now">0:00</span><span class="muted"> / ${clock(this.lengthMs)}</span></span>
      <label class="speed"><span class="visually-hidden">Speed</span><select ?disabled=${off} data-testid="player-speed"
        @change=${(e) => (this.playhead.rate = Number(e.target.value))}>${RATES.map(
          (r) => html`<option value=${r} ?selected=${r === this.rate}>${r}×</option>`)}</select></label>
      ${off ? html`<span class="player-why muted">${this.why}</span>` : nothing}
      ${this.failed ? html`<span class="player-why bad" role="alert">The audio cannot be played.
        <button class="inline" @click=${() => this.playhead.audio.load()}>Try again</button></span>` : nothing}
      </div>`;
  }
}

customElements.define('hansard-player', Player);
