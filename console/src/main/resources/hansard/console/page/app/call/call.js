import { LitElement, html, nothing } from 'lit';
import * as api from '../api.js';
import * as icons from '../icons.js';
import { clock, dayAndTime, duration, idOf, nameOf, titleOf } from '../format.js';
import { completenessBadge, endToEndBadge, stateBadge } from '../recordings.js';
import { callUrl, note } from '../router.js';
import { colours } from '../speakers.js';
import { Playhead } from './playhead.js';
import { alarmList, completeness, endToEndNotice, sentence, whatOf } from './completeness.js';
import { withUtterance } from './words.js';
import './composite.js';
import './custody.js';
import './keys.js';
import './player.js';
import './timeline.js';
import './transcript.js';
import './versions.js';
import { isScreen } from './videos.js';

const LOOK_MS = 15000;
const isVideo = (track) => (track.kind ?? '').toLowerCase() === 'video';

/** One call: hear it, read it, see whether it is whole and who has had it in hand. */
class Call extends LitElement {
  static properties = {
    callId: { attribute: false },
    session: { attribute: false },
    recording: { state: true },
    utterances: { state: true },
    account: { state: true },
    people: { state: true },
    playhead: { state: true },
    query: { state: true },
    found: { state: true },
    failure: { state: true },
    transcriptNote: { state: true },
    toast: { state: true },
  };

  constructor() {
    super();
    this.recording = null;
    this.utterances = [];
    this.account = null;
    this.people = [];
    this.playhead = null;
    this.query = '';
    this.found = [];
    this.failure = null;
    this.transcriptNote = 'Loading the transcript…';
    this.toast = null;
    this.version = null; // of the transcript: null is the current one
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.query = new URLSearchParams(location.search).get('q') ?? '';
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.events?.close();
    this.playhead?.close();
    this.barSize?.disconnect();
    clearTimeout(this.toastTimer);
    clearTimeout(this.retry);
    clearInterval(this.look);
  }

  async load() {
    this.failure = null;
    try {
      await this.loadRecording();
    } catch (e) {
      this.failure = e;
      return;
    }
    await Promise.all([this.loadTranscript(), this.loadCompleteness()]);
    if (['live', 'open', 'paused'].includes(this.recording.state)) this.listen();
  }

  async loadRecording() {
    this.recording = await api.get(api.recordingPath(this.callId));
    document.title = `${titleOf(this.recording)} · Hansard`;
    this.gatherPeople();
    await this.updateComplete;
    this.readyAudio();
  }

  /** Which stretches of the call are there, and why others are not; once the recording is sealed. */
  async loadCompleteness() {
    if (!this.recording.completeness || this.recording.state === 'purged') return;
    try {
      this.account = await api.get(api.recordingPath(this.callId, '/completeness'));
    } catch (e) {
      this.say(`What is missing cannot be shown: ${e.message}`);
    }
  }

  async loadTranscript() {
    try {
      this.utterances = (await api.get(api.recordingPath(this.callId, '/transcript'), { version: this.version })).utterances;
      this.transcriptNote = this.isLive ? 'Waiting for somebody to speak…' : this.recording.endToEnd === 'key-not-released'
        ? 'End-to-end encrypted: there is no transcript until the key is released.' : 'Nothing was said that could be recognised.';
      this.gatherPeople();
    } catch (e) {
      this.transcriptNote = e.message;
    }
  }

  showVersion(version) {
    this.version = version;
    this.loadTranscript();
  }

  get isLive() {
    return this.recording.state === 'live' || this.recording.state === 'open';
  }

  /** Participants in the order of the recording, then whoever only speaks. */
  gatherPeople() {
    const names = new Map();
    for (const p of this.recording.participants ?? []) names.set(idOf(p), nameOf(p));
    for (const t of this.recording.tracks ?? []) this.name(names, t);
    for (const u of this.utterances) this.name(names, u);
    const colour = colours([...names.keys()]);
    this.people = [...names].map(([id, name]) => ({ id, name, colour: colour.get(id) }));
  }

  /** A plain name in the list of participants is replaced by the same name with its id. */
  name(names, { participantId, participant }) {
    if (!participantId || names.has(participantId)) return;
    names.delete(participant);
    names.set(participantId, participant ?? participantId);
  }

  readyAudio() {
    const first = this.playhead === null;
    if (first) this.watchPlayerHeight();
    if (first) this.playhead = new Playhead(this.querySelector('audio'));
    const mix = this.recording.mix;
    if (mix?.media) this.playhead.load(mix.media, mix.startMs ?? 0, this.lengthMs);
    if (!first) return;
    const at = new URLSearchParams(location.search).get('t');
    if (at !== null && Number.isFinite(Number(at))) this.playhead.seek(Number(at));
    if (history.state?.play && mix?.media) {
      history.replaceState(null, '', location.href);
      this.playhead.play();
    }
  }

  /** What is below the player on the screen needs to know where the player ends. */
  watchPlayerHeight() {
    const bar = this.querySelector('.player-bar');
    // in the next frame: the height set here changes sizes that others observe
    this.barSize = new ResizeObserver(() =>
      requestAnimationFrame(() => this.style.setProperty('--player-height', `${bar.offsetHeight}px`)));
    this.barSize.observe(bar);
  }

  get lengthMs() {
    const r = this.recording;
    const said = this.utterances.reduce((end, u) => Math.max(end, u.endMs), 0);
    return Math.max(r.durationMs ?? 0, (r.mix?.startMs ?? 0) + (r.mix?.durationMs ?? 0), said);
  }

  /** A call that goes on tells us what is said as it is said. */
  listen() {
    this.events = new EventSource(api.recordingPath(this.callId, '/events'));
    this.events.addEventListener('utterance', (e) => {
      this.utterances = withUtterance(this.utterances, JSON.parse(e.data));
      this.gatherPeople();
    });
    this.events.addEventListener('state', () => this.stateChanged());
    // that nothing comes of a stream is told by no event
    clearInterval(this.look);
    this.look = setInterval(() => this.stateChanged(), LOOK_MS);
    // the browser comes back by itself after a lost connection, but not after an error answer
    this.events.addEventListener('error', () => {
      if (this.events.readyState === EventSource.CLOSED && this.isConnected && this.isLive) {
        this.retry = setTimeout(() => this.listen(), 5000);
      }
    });
  }

  async stateChanged() {
    try {
      await this.loadRecording();
      if (this.recording.state === 'sealed' || this.recording.state === 'purged') {
        this.events.close();
        clearInterval(this.look);
        await Promise.all([this.loadTranscript(), this.loadCompleteness()]);
      }
    } catch (e) {
      this.say(e.message);
    }
  }

  jump(ms) {
    this.playhead.seek(ms);
    if (this.recording.mix?.media) this.playhead.play();
    note(callUrl(this.callId, ms, this.query));
  }

  ask(query) {
    this.query = query;
  }

  async copyLink(ms) {
    const url = new URL(callUrl(this.callId, ms), location.origin).href;
    try {
      await navigator.clipboard.writeText(url);
      this.say(`The link to ${clock(ms)} is copied.`);
    } catch {
      // no clipboard outside https and localhost: show the link for copying by hand
      this.say('Copy this link:', url);
    }
  }

  say(text, url) {
    this.toast = { text, url };
    clearTimeout(this.toastTimer);
    if (!url) this.toastTimer = setTimeout(() => (this.toast = null), 4000);
  }

  render() {
    if (this.failure) return this.renderFailure();
    if (!this.recording) return html`<div class="card skeleton" aria-busy="true"><span class="visually-hidden">Loading the call</span><i></i><i></i><i></i></div>`;
    const r = this.recording;
    const officer = this.has('compliance-officer');
    const seen = (r.tracks ?? []).filter((t) => isVideo(t) && t.media);
    const videos = [...seen.filter(isScreen), ...seen.filter((t) => !isScreen(t))];
    return html`${this.renderHead(r)}${alarmList(r.alarms)}${endToEndNotice(r)}
      ${r.state === 'purged' ? html`<div class="card notice"><p>This recording was erased: its keys are destroyed, and nobody can open it any more. What remains is this page and the receipts.</p></div>` : nothing}
      <div class="player-bar card"><audio preload="none" data-testid="player-audio"></audio>
        <div class="player-line"><hansard-player .playhead=${this.playhead} .lengthMs=${this.lengthMs} .why=${this.whyNoAudio(r)}></hansard-player>${this.renderTools(r)}</div>
        <hansard-timeline .playhead=${this.playhead} .lengthMs=${this.lengthMs} .people=${this.people} .utterances=${this.utterances} .found=${this.found} .tracks=${this.account?.tracks ?? []}></hansard-timeline></div>
      <div class="call-columns"><div class="call-main">
        <hansard-transcript .playhead=${this.playhead} .utterances=${this.utterances} .people=${this.people} .live=${this.isLive} .query=${this.query}
          .note=${this.transcriptNote} .without=${this.withoutWords(r)} @jump=${(e) => this.jump(e.detail)} @copy-link=${(e) => this.copyLink(e.detail)}
          @query=${(e) => this.ask(e.detail)} @found=${(e) => (this.found = e.detail)}></hansard-transcript></div>
      <aside class="call-side" aria-label="About this recording">
        ${videos.length ? html`<hansard-videos .playhead=${this.playhead} .tracks=${videos} .people=${this.people}></hansard-videos>` : nothing}
        ${r.state === 'sealed' && r.composite && (videos.length || r.composite.state !== 'none') ? html`<hansard-composite .callId=${this.callId} .composite=${r.composite}></hansard-composite>` : nothing}
        ${completeness(r, this.account, (ms) => this.jump(ms))}${r.state === 'sealed' ? html`<hansard-keys .callId=${this.callId} @jump=${(e) => this.jump(e.detail)}></hansard-keys>
          <hansard-versions .callId=${this.callId} .mayOrder=${officer} @version=${(e) => this.showVersion(e.detail)}></hansard-versions>` : nothing}${officer ? html`<hansard-custody .callId=${this.callId}></hansard-custody>` : nothing}</aside></div>
      ${this.toast ? html`<div class="toast" role="status">${this.toast.text}
        ${this.toast.url ? html`<input readonly .value=${this.toast.url} aria-label="Link" @focus=${(e) => e.target.select()}>
          <button class="inline" @click=${() => (this.toast = null)}>Close</button>` : nothing}</div>` : nothing}`;
  }

  renderHead(r) {
    const facts = [dayAndTime(r.startedAt), r.department, r.client, this.isLive ? '' : duration(this.lengthMs)].filter(Boolean);
    return html`<div class="page-head call-head"><div><h1 data-testid="call-title">${titleOf(r)} ${stateBadge(r.state)} ${endToEndBadge(r.endToEnd)} ${completenessBadge(r.completeness)}</h1>
      <p class="muted">${facts.join(' · ')}</p>
      <ul class="people" aria-label="Participants">${this.people.map((p) => html`<li class=${p.colour}>${p.name}</li>`)}</ul>
      ${r.notices?.length ? html`<p class="muted small-text">${r.notices.map(noticeText).join(' · ')}</p>` : nothing}</div></div>`;
  }

  has(role) {
    return (this.session.roles ?? []).some((each) => each.toLowerCase().replace('_', '-') === role);
  }

  whyNoAudio(r) {
    if (r.mix?.media) return '';
    if (r.state === 'purged') return 'Erased';
    if (r.state === 'sealed' && r.endToEnd === 'key-not-released') return 'End-to-end encrypted: the key was not released.';
    if (r.state === 'sealed' && r.completeness?.state === 'nothing') return sentence(r.completeness.verdict);
    const waits = (r.tracks ?? []).find((t) => t.sound === 'withheld');
    if (!this.isLive && waits) return `The audio is withheld, ${waits.reason}.`;
    if (r.state === 'sealed') return 'No audio was recorded.';
    return this.isLive || r.state === 'paused' ? 'The call can be played when it has ended.' : 'The audio is being prepared.';
  }

  /** What was said of which there are no words, in order. */
  withoutWords(recording) {
    return (recording.tracks ?? []).flatMap((t) => (t.withoutWords ?? []).map((w) => ({ ...w, participant: t.participant })))
      .sort((a, b) => a.startMs - b.startMs);
  }

  renderTools(r) {
    const files = (r.tracks ?? []).filter((t) => t.media).flatMap((t) =>
      t.segments ? t.segments.map((s, i) => [t, s.media, `, part ${i + 1} (${s.codec})`]) : [[t, t.media, '']]);
    return html`<div class="tools">
      <button data-testid="copy-link" @click=${() => this.copyLink(this.playhead.ms)}>${icons.link}<span>Copy link</span></button>
      ${r.state === 'purged' ? nothing : html`<details class="menu" @focusout=${closeWhenLeft} @keydown=${closeOnEscape}><summary>${icons.download}<span>Download</span></summary><ul>
        ${r.mix?.media ? html`<li><a href=${r.mix.media} download="${r.callId}-mix">Everybody, one audio file</a></li>` : nothing}
        ${files.map(([t, url, part]) => html`<li><a href=${url} download="${r.callId}-${t.trackId}">${t.participant}, ${whatOf(t)}${part}</a></li>`)}
        ${this.has('original-listener') ? (r.tracks ?? []).filter((t) => t.sound && !t.discarded).map((t) => html`<li><a href="${api.recordingPath(r.callId, `/media/${encodeURIComponent(t.trackId)}`)}?original=1&download=1" download="${r.callId}-${t.trackId}-original">${t.participant}, ${whatOf(t)}, original (on record)</a></li>`) : nothing}
        ${this.utterances.length ? TRANSCRIPTS.map(([format, what]) => html`<li><a href="${api.recordingPath(r.callId, '/transcript')}?format=${format}${this.version === null ? '' : `&version=${this.version}`}" download="${r.callId}.${format}">${what}</a></li>`) : nothing}
        <li><a href=${api.recordingPath(r.callId, '/report')} download="${r.callId}-report.json">Completeness report</a></li></ul></details>`}</div>`;
  }

  renderFailure() {
    const missing = this.failure.status === 404 || this.failure.status === 403;
    return html`<div class="card empty" role="alert"><h1>${missing ? 'This call is not here' : 'The call cannot be shown'}</h1>
      <p>${missing ? 'There is no such call, or it is not one that you may hear.' : this.failure.message}</p>
      <p>${missing ? html`<a href="/recordings">All recordings</a>` : html`<button class="primary" @click=${() => this.load()}>Try again</button>`}</p></div>`;
  }
}

const TRANSCRIPTS = [['txt', 'Transcript, as text'], ['vtt', 'Transcript, as subtitles (WebVTT)'], ['json', 'Transcript, every word with its time (JSON)']];

const NOTICES = { notice: 'Notice played', paused: 'Recording paused', resumed: 'Recording resumed', 'partly-paused': 'Recording of some paused', 'partly-resumed': 'Recording of some resumed' };

/** What happened to the recording while it ran, in a line. */
function noticeText(n) {
  if (typeof n === 'string') return n;
  const what = `${NOTICES[n.kind] ?? n.kind} at ${clock(n.atMs)}`;
  return n.notice ? `${what}: ${n.notice}` : what;
}

function closeWhenLeft(e) {
  if (!e.currentTarget.contains(e.relatedTarget)) e.currentTarget.open = false;
}

function closeOnEscape(e) {
  if (e.key !== 'Escape') return;
  e.currentTarget.open = false;
  e.currentTarget.querySelector('summary').focus();
}

customElements.define('hansard-call', Call);
