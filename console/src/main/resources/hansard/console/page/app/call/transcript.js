import { LitElement, html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import * as icons from '../icons.js';
import { clock } from '../format.js';
import { byStart, findAsked, flatten, readable, removed, shownAt, wordAt, wordsOf } from './words.js';

const UNSURE = 0.6;
const DOUBTFUL = 0.8;

const ENOUGH_PX = 180;
const GAP_PX = 16;
const BY_HAND = ['wheel', 'touchmove', 'keydown', 'pointerdown'];
const SCROLL_KEYS = ['PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

const playerBottom = () => document.querySelector('.player-bar')?.getBoundingClientRect().bottom ?? 0;

/** Between the player, which stays on top, and the end of the window. */
function visiblePart(box, own) {
  const rect = box.getBoundingClientRect();
  const top = Math.max(playerBottom(), 0);
  return own ? { top: Math.max(rect.top, top), bottom: Math.min(rect.bottom, innerHeight) } : { top, bottom: innerHeight };
}

/** Where a word begins: one without times of its own is a whole utterance, over many lines. */
const firstLine = (span) => span.getClientRects()[0] ?? span.getBoundingClientRect();

const within = (line, seen) => line.top >= seen.top && line.bottom <= seen.bottom;

const scrollsItself = (box) => getComputedStyle(box).overflowY === 'auto';

/** Whether the box alone can bring a line to where it is seen: at its ends it stops, and it may hang below the window. */
function withinReach(line, box) {
  const seen = visiblePart(box, true);
  const left = box.scrollHeight - box.clientHeight - box.scrollTop;
  return seen.bottom - seen.top >= ENOUGH_PX && line.bottom - left <= seen.bottom && line.top + box.scrollTop >= seen.top;
}

/** What was said, word by word: a click plays from a word, the word being said is marked and kept in sight. */
class Transcript extends LitElement {
  static properties = {
    playhead: { attribute: false },
    utterances: { attribute: false },
    people: { attribute: false },
    live: { attribute: false },
    query: { attribute: false },
    without: { attribute: false },
    note: { attribute: false },
    exact: { state: true },
    following: { state: true },
    found: { state: true },
    at: { state: true },
  };

  constructor() {
    super();
    this.utterances = [];
    this.people = [];
    this.live = false;
    this.query = '';
    this.note = '';
    this.without = [];
    this.exact = false; // the words as they were heard, instead of what people write
    this.following = true;
    this.words = [];
    this.order = [];
    this.spans = [];
    this.found = [];
    this.at = -1;
    this.current = -1;
    this.kept = false; // the current word was brought into sight, and nobody has scrolled since
    this.onTime = () => this.mark();
    this.onSeek = () => this.follow();
    this.onHand = (e) => this.letGo(e);
    this.onLayout = () => this.keep();
    this.layout = new ResizeObserver(this.onLayout);
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    for (const type of BY_HAND) window.addEventListener(type, this.onHand, { passive: true });
    window.addEventListener('resize', this.onLayout);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const type of BY_HAND) window.removeEventListener(type, this.onHand);
    window.removeEventListener('resize', this.onLayout);
    this.layout.disconnect();
  }

  /** The box and the page: whatever comes or grows above the transcript later changes one of the two. */
  firstUpdated() {
    this.layout.observe(this.querySelector('.utterances'));
    this.layout.observe(document.body);
  }

  willUpdate(changed) {
    if (changed.has('utterances') || changed.has('exact')) {
      this.words = flatten(this.utterances, this.exact ? wordsOf : readable);
      this.order = byStart(this.words);
    }
    if (changed.has('utterances') || changed.has('query') || changed.has('exact')) {
      const found = this.look();
      if (changed.has('query') || found.length < this.found.length) this.at = -1;
      this.found = found;
      this.dispatchEvent(new CustomEvent('found', { detail: found.map((hit) => this.words[hit[0]].startMs) }));
    }
  }

  /** A search looks in what was heard; what is only written so ("25") is found too. */
  look() {
    if (this.exact) return findAsked(this.words, this.query);
    const heard = flatten(this.utterances);
    const found = shownAt(findAsked(heard, this.query), heard, this.words);
    return found.length > 0 ? found : findAsked(this.words, this.query);
  }

  updated(changed) {
    if (changed.has('playhead') && this.playhead) {
      this.playhead.addEventListener('time', this.onTime);
      this.playhead.addEventListener('seek', this.onSeek);
    }
    if (changed.has('utterances') || changed.has('exact')) {
      this.spans = [...this.querySelectorAll('.w')];
      this.current = -1;
    }
    if (changed.has('utterances') || changed.has('exact') || changed.has('found') || changed.has('at')) this.markFound();
    this.mark();
    if (changed.has('utterances') && this.live && this.following) this.scrollTo({ bottom: true });
  }

  markFound() {
    this.querySelectorAll('.w.found').forEach((w) => w.classList.remove('found', 'chosen'));
    this.found.forEach((hit, n) => hit.forEach((i) => {
      this.spans[i]?.classList.add('found');
      this.spans[i]?.classList.toggle('chosen', n === this.at);
    }));
  }

  /** Marks the word being said. By hand: this happens on every frame. */
  mark() {
    if (!this.playhead || (this.live && !this.playhead.playing)) return;
    const now = wordAt(this.words, this.order, this.playhead.ms + 20);
    if (now === this.current) return;
    this.setCurrent(this.spans[this.current], false);
    this.setCurrent(this.spans[now], true);
    this.current = now;
    if (now >= 0 && this.following) this.show(this.spans[now]);
  }

  setCurrent(span, on) {
    if (!span) return;
    span.classList.toggle('current', on);
    span.closest('.utterance').classList.toggle('speaking', on);
    span.dataset.testid = on ? 'transcript-current-word' : 'transcript-word';
  }

  follow() {
    this.following = true;
    if (this.current >= 0) this.show(this.spans[this.current]);
    else if (this.live) this.scrollTo({ bottom: true });
  }

  /** What was in sight stays in sight when the page is laid out anew. */
  keep() {
    if (!this.following || !this.kept) return;
    const span = this.spans[this.current];
    if (!span) return;
    const box = this.querySelector('.utterances');
    if (!within(firstLine(span), visiblePart(box, scrollsItself(box)))) this.show(span);
  }

  /** Somebody scrolls, the page or the transcript: the next word may be shown, but this one is not pulled back. */
  letGo(e) {
    if (e.type === 'keydown' && e.key !== 'Tab' && !SCROLL_KEYS.includes(e.key)) return;
    // a press counts on a scrollbar only, which has no element of its own
    if (e.type === 'pointerdown' && e.target !== document.documentElement && !e.target.matches('.utterances')) return;
    this.kept = false;
  }

  /** Brings a word into the upper half of what can be seen of the transcript, and leaves it alone while it is there. */
  show(span) {
    this.kept = this.following;
    const box = this.querySelector('.utterances');
    const own = scrollsItself(box);
    if (own && !withinReach(firstLine(span), box)) this.showWhole();
    const seen = visiblePart(box, own);
    const height = seen.bottom - seen.top;
    const offset = firstLine(span).top - seen.top;
    if (offset > height * 0.1 && offset < height * 0.65) return;
    this.scrollTo({ by: offset - height * 0.3 });
  }

  /** Moves the page until the transcript lies between the player and the end of the window. */
  showWhole() {
    const card = this.querySelector('.transcript').getBoundingClientRect();
    const below = card.bottom + GAP_PX - innerHeight;
    const by = below > 0 ? below : Math.min(0, card.top - GAP_PX - playerBottom());
    window.scrollBy({ top: by, behavior: 'instant' });
  }

  scrollTo({ by, bottom }) {
    const box = this.querySelector('.utterances');
    const own = scrollsItself(box);
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches || Math.abs(by ?? 0) > 2000 ? 'instant' : 'smooth';
    if (bottom) {
      if (own) {
        if (box.getBoundingClientRect().bottom > innerHeight) this.showWhole();
        box.scrollTo({ top: box.scrollHeight, behavior });
      } else box.lastElementChild?.scrollIntoView({ block: 'end', behavior });
    } else if (own) {
      box.scrollBy({ top: by, behavior });
    } else {
      window.scrollBy({ top: by, behavior });
    }
  }

  /** Scrolling by hand means: let me read. */
  loosen() {
    if (this.playhead?.playing || this.live) this.following = false;
  }

  scrollKey(e) {
    if (SCROLL_KEYS.includes(e.key)) this.loosen();
  }

  click(e) {
    const span = e.target.closest('.w');
    if (!span || String(getSelection()).length > 0) return;
    const word = this.words[this.spans.indexOf(span)];
    if (word) this.jump(word.startMs);
  }

  jump(ms) {
    this.dispatchEvent(new CustomEvent('jump', { detail: ms }));
  }

  step(by) {
    if (this.found.length === 0) return;
    this.at = (this.at + by + this.found.length) % this.found.length;
    this.following = false;
    this.show(this.spans[this.found[this.at][0]]);
  }

  searchKey(e) {
    if (e.key === 'Enter') this.step(e.shiftKey ? -1 : 1);
    else if (e.key === 'Escape') this.ask('');
    else return;
    e.preventDefault();
  }

  ask(query) {
    this.dispatchEvent(new CustomEvent('query', { detail: query }));
  }

  render() {
    const count = this.found.length;
    return html`<section class="transcript card" aria-labelledby="transcript-title">
      <header><h2 id="transcript-title">Transcript</h2>
        ${this.utterances.some((u) => u.display && u.display !== u.text) ? html`<button class="small" data-testid="exact-words" aria-pressed=${this.exact}
          title="Show the words exactly as they were heard, instead of numbers in digits, capitals and punctuation" @click=${() => (this.exact = !this.exact)}>Word for word</button>` : nothing}
        <div class="find">${icons.search}<label class="visually-hidden" for="find">Find in this transcript</label>
          <input id="find" type="search" placeholder="Find in this call" .value=${this.query} autocomplete="off" data-slash data-testid="transcript-search"
            @input=${(e) => this.ask(e.target.value)} @keydown=${this.searchKey}>
          ${this.query ? html`<span class="find-count" role="status">${count ? `${this.at < 0 ? '' : `${this.at + 1} of `}${count}` : 'none'}</span>
            <button class="round small" aria-label="Previous" ?disabled=${!count} @click=${() => this.step(-1)}>${icons.up}</button>
            <button class="round small" aria-label="Next" ?disabled=${!count} @click=${() => this.step(1)}>${icons.down}</button>` : nothing}</div></header>
      ${this.without.length ? html`<ul class="without-words" data-testid="without-words">${this.without.map((w) => html`<li>
        <button class="time" title="Play from here" aria-label="Play from ${clock(w.startMs)}" @click=${() => this.jump(w.startMs)}>${clock(w.startMs)} – ${clock(w.endMs)}</button>
        <span>No words of <b>${w.participant}</b>: ${w.reason}</span></li>`)}</ul>`
        : this.utterances.length === 0 ? html`<p class="empty muted">${this.note}</p>` : nothing}
      <div class="utterances" tabindex="-1" @click=${this.click} @wheel=${this.loosen} @touchmove=${this.loosen} @keydown=${this.scrollKey}
        @pointerdown=${(e) => e.target === e.currentTarget && this.loosen()}>
        ${repeat(this.utterances, (u) => u.utteranceId, (u, i) => this.renderUtterance(u, this.utterances[i - 1]))}</div>
      ${this.following ? nothing : html`<button class="follow" data-testid="follow" @click=${() => this.follow()}>${icons.follow} Follow</button>`}
    </section>`;
  }

  renderUtterance(u, before) {
    const person = this.people.find((p) => p.id === u.participantId);
    const goesOn = before && before.participantId === u.participantId && u.startMs - before.endMs < 8000;
    return guard([u, goesOn, person?.colour, this.exact], () => html`<article class="utterance ${person?.colour ?? ''} ${u.partial ? 'partial' : ''} ${goesOn ? 'goes-on' : ''}" data-testid="utterance">
      <div class="said-by">${goesOn ? html`<span class="visually-hidden">${u.participant}</span>` : html`<span class="speaker">${u.participant}</span>`}
        <button class="time" title="Play from here" aria-label="Play from ${clock(u.startMs)}" @click=${() => this.jump(u.startMs)}>${clock(u.startMs)}</button>
        <button class="round small copy" title="Copy a link to this moment" aria-label="Copy a link to ${clock(u.startMs)}"
          @click=${() => this.dispatchEvent(new CustomEvent('copy-link', { detail: u.startMs }))}>${icons.link}</button></div>
      <p>${(this.exact ? wordsOf(u) : readable(u)).map((w) => this.renderWord(w))}${u.partial ? '…' : ''}</p></article>`);
  }

  renderWord(w) {
    const what = removed(w.word);
    if (what) {
      return html`<span class="w removed" data-testid="transcript-word" data-start=${w.startMs}
        title="A ${what} was said here. It was removed before anybody could read it, as the card industry's rules demand (PCI DSS).">${w.word}</span> `;
    }
    const sure = w.confidence ?? 1;
    const doubt = sure < UNSURE ? ' unsure' : sure < DOUBTFUL ? ' doubtful' : '';
    return html`<span class="w${doubt}" data-testid="transcript-word" data-start=${w.startMs}
      title=${doubt ? `Recognised with ${Math.round(sure * 100)} % confidence` : nothing}>${w.word}</span> `;
  }
}

customElements.define('hansard-transcript', Transcript);
