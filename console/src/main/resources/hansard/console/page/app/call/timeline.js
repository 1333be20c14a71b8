import { LitElement, html, svg } from 'lit';
import { clock } from '../format.js';
import { REASONS, isDrawn, patterns, spanText } from './spans.js';

const WIDTH = 1000;
const ROW = 16;

/** Who speaks when and what is missing, one row per participant, with the playhead; a click or the arrow keys seek. */
class Timeline extends LitElement {
  static properties = {
    playhead: { attribute: false },
    lengthMs: { attribute: false },
    people: { attribute: false }, // [{id, name, colour}]
    utterances: { attribute: false },
    found: { attribute: false }, // times of what was found, ms
    tracks: { attribute: false }, // what the completeness says of each track
  };

  constructor() {
    super();
    this.people = [];
    this.utterances = [];
    this.found = [];
    this.tracks = [];
    this.onTime = () => this.movePlayhead();
  }

  createRenderRoot() {
    return this;
  }

  updated(changed) {
    if (changed.has('playhead') && this.playhead) this.playhead.addEventListener('time', this.onTime);
    this.movePlayhead();
  }

  movePlayhead() {
    const line = this.querySelector('.playhead');
    if (!line || !this.playhead || !(this.lengthMs > 0)) return;
    const x = ((Math.min(this.playhead.ms, this.lengthMs) / this.lengthMs) * WIDTH).toFixed(1);
    line.setAttribute('x1', x);
    line.setAttribute('x2', x);
    const rows = this.querySelector('.tl-rows');
    const second = String(Math.floor(this.playhead.ms / 1000));
    if (rows.getAttribute('aria-valuenow') !== second) {
      rows.setAttribute('aria-valuenow', second);
      rows.setAttribute('aria-valuetext', `${clock(this.playhead.ms)} of ${clock(this.lengthMs)}`);
    }
  }

  x(ms) {
    return (Math.max(0, Math.min(ms, this.lengthMs)) / this.lengthMs) * WIDTH;
  }

  /** Of each person the spans of one audio track after the other; of who has none, those of a video. */
  lanes(row) {
    const spoken = this.tracks.filter((t) => t.kind === 'audio' && row.has(t.participantId));
    const heard = new Set(spoken.map((t) => t.participantId));
    const seen = this.tracks.filter((t) => t.kind === 'video' && row.has(t.participantId) && !heard.has(t.participantId));
    return [...spoken, ...seen].flatMap((t) => t.spans.filter(isDrawn).map((span) => ({ track: t, span })));
  }

  renderSpan({ track, span }, row) {
    const x = this.x(span.startMs);
    return svg`<rect class="tl-span" fill="url(#gap-${span.reason})" x=${x} width=${Math.max(2, this.x(span.endMs) - x)} y=${row.get(track.participantId) * ROW + 1} height=${ROW - 2}
      data-testid="span-${span.reason}"><title>${track.participant}, ${spanText(span)}</title></rect>`;
  }

  renderLegend(lanes) {
    const used = Object.keys(REASONS).filter((r) => lanes.some((l) => l.span.reason === r));
    if (!used.length) return html``;
    return html`<ul class="tl-legend" aria-label="What the patterns mean" data-testid="legend">${used.map((r) => html`<li>
      <svg viewBox="0 0 22 12" aria-hidden="true"><rect class="tl-swatch" fill="url(#gap-${r})" width="22" height="12"/></svg>${REASONS[r].label}</li>`)}</ul>`;
  }

  seekTo(e) {
    const box = this.querySelector('.tl-rows svg').getBoundingClientRect();
    this.playhead.seek(Math.max(0, Math.min(1, (e.clientX - box.left) / box.width)) * this.lengthMs);
  }

  down(e) {
    if (e.button !== 0) return;
    e.currentTarget.setPointerCapture(e.pointerId);
    this.dragging = true;
    this.seekTo(e);
  }

  key(e) {
    const step = { ArrowLeft: -5000, ArrowRight: 5000, PageDown: -30000, PageUp: 30000 }[e.key];
    if (step) this.playhead.seek(this.playhead.ms + step);
    else if (e.key === 'Home') this.playhead.seek(0);
    else if (e.key === 'End') this.playhead.seek(this.lengthMs);
    else if (e.key === 'Enter' || e.key === ' ') this.playhead.toggle();
    else return;
    e.preventDefault();
  }

  render() {
    if (!(this.lengthMs > 0)) return html``;
    const rows = Math.max(1, this.people.length);
    const height = rows * ROW;
    const row = new Map(this.people.map((p, i) => [p.id, i]));
    const lanes = this.lanes(row);
    return html`<div class="tl ${rows > 5 ? 'crowd' : ''}">
      <ul class="tl-names" aria-hidden="true">${this.people.map((p) => html`<li class=${p.colour} title=${p.name}>${p.name}</li>`)}</ul>
      <div class="tl-rows" role="slider" tabindex="0" aria-label="Position in the call" aria-valuemin="0" data-testid="timeline"
        aria-valuemax=${Math.floor(this.lengthMs / 1000)} aria-valuenow="0" @keydown=${this.key} @pointerdown=${this.down}
        @pointermove=${(e) => this.dragging && this.seekTo(e)} @pointerup=${() => (this.dragging = false)}
        @pointercancel=${() => (this.dragging = false)}>
        <svg viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" class="rows-${Math.min(rows, 12)}" aria-hidden="true">
          ${this.people.map((p, i) => svg`<line class="tl-lane" x1="0" x2=${WIDTH} y1=${i * ROW + ROW / 2} y2=${i * ROW + ROW / 2}/>`)}
          ${patterns}
          ${this.utterances.filter((u) => row.has(u.participantId)).map((u) => svg`<rect class=${this.people[row.get(u.participantId)].colour}
            x=${this.x(u.startMs)} width=${Math.max(1.5, this.x(u.endMs) - this.x(u.startMs))} y=${row.get(u.participantId) * ROW + 3} height=${ROW - 6} rx="1.5"/>`)}
          ${lanes.map((l) => this.renderSpan(l, row))}
          ${this.found.map((ms) => svg`<line class="tl-found" x1=${this.x(ms)} x2=${this.x(ms)} y1="0" y2=${height}/>`)}
          <line class="playhead" x1="0" x2="0" y1="0" y2=${height}/>
        </svg></div>
      <div class="tl-scale" aria-hidden="true">${[0, 0.25, 0.5, 0.75, 1].map((f) => html`<span>${clock(this.lengthMs * f)}</span>`)}</div>${this.renderLegend(lanes)}</div>`;
  }
}

customElements.define('hansard-timeline', Timeline);
