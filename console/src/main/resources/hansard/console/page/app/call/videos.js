import { LitElement, html, nothing } from 'lit';
import { clock } from '../format.js';
import { initials } from '../speakers.js';

const DRIFT_MS = 250;

/** What of a track is to be seen at a time: one of its files where its sender changed the codec, else all of it. */
const partAt = (track, ms) => (track.segments ?? [track]).find((part) => ms >= part.startMs && ms <= part.startMs + (part.durationMs ?? Infinity));

export const isScreen = (track) => track.content === 'screen';

/** The participants' pictures, kept in step with the mix: each video has its own start on the call's clock. */
class Videos extends LitElement {
  static properties = { playhead: { attribute: false }, tracks: { attribute: false }, people: { attribute: false } };

  constructor() {
    super();
    this.tracks = [];
    this.people = [];
    this.checked = 0;
    this.onTime = () => {
      const now = performance.now();
      if (now - this.checked < 200 && this.playhead.playing) return;
      this.checked = now;
      this.sync();
    };
    this.onState = () => this.sync();
  }

  createRenderRoot() {
    return this;
  }

  updated(changed) {
    if (changed.has('playhead') && this.playhead) {
      this.playhead.addEventListener('time', this.onTime);
      this.playhead.addEventListener('state', this.onState);
    }
    this.sync();
  }

  sync() {
    if (!this.playhead) return;
    this.querySelectorAll('video').forEach((video, i) => this.syncOne(video, this.tracks[i]));
  }

  syncOne(video, track) {
    const part = partAt({ startMs: 0, ...track }, this.playhead.ms);
    const local = this.playhead.ms - (part?.startMs ?? 0);
    const shown = part !== undefined;
    if (shown && video.getAttribute('src') !== part.media) video.src = part.media;
    video.closest('figure').classList.toggle('off', !shown);
    if (!shown) {
      if (!video.paused) video.pause();
      return;
    }
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA && !video.seeking && Math.abs(video.currentTime * 1000 - local) > DRIFT_MS) {
      video.currentTime = local / 1000;
    }
    if (video.playbackRate !== this.playhead.rate) video.playbackRate = this.playhead.rate;
    if (this.playhead.playing && video.paused) {
      video.play().catch((e) => {
        // a pause that overtakes the start is no failure; anything else is shown on the picture
        if (e.name !== 'AbortError') video.closest('figure').classList.add('failed');
      });
    } else if (!this.playhead.playing && !video.paused) {
      video.pause();
    }
  }

  render() {
    if (this.tracks.length === 0) return nothing;
    const colour = new Map(this.people.map((p) => [p.id, p.colour]));
    return html`<div class="videos count-${Math.min(this.tracks.length, 4)}">${this.tracks.map((t) => html`<figure class="off ${isScreen(t) ? 'screen' : ''}">
      <span class="initials ${colour.get(t.participantId) ?? ''}" aria-hidden="true">${initials(t.participant ?? '')}</span>
      <video muted playsinline preload="none" src=${t.media} .muted=${true} aria-label="${isScreen(t) ? 'Screen' : 'Video'} of ${t.participant}" data-testid="participant-video"
        @loadedmetadata=${() => this.sync()}></video>
      <figcaption>${t.participant}${isScreen(t) ? ', screen' : ''}${t.startMs > 1000 ? html` <span>from ${clock(t.startMs)}</span>` : nothing}</figcaption></figure>`)}</div>`;
  }
}

customElements.define('hansard-videos', Videos);
