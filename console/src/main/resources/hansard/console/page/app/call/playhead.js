// Where in the call we are. The call's clock counts milliseconds from the call's first media; the mix may begin later than
// that, so the audio element's own time is the clock less the mix's start.

export class Playhead extends EventTarget {
  /**
   * Events: "time" (the clock moved), "state" (playing, rate or readiness changed), "seek" (the clock jumped).
   * @param {HTMLAudioElement} audio plays the mix
   */
  constructor(audio) {
    super();
    this.audio = audio;
    this.startMs = 0;
    this.lengthMs = 0;
    this.wanted = null; // a position asked for before the audio knew its length
    this.frame = 0;
    const tell = (type) => () => this.dispatchEvent(new Event(type));
    audio.addEventListener('loadedmetadata', () => this.settle());
    audio.addEventListener('timeupdate', tell('time'));
    audio.addEventListener('seeked', tell('time'));
    for (const type of ['play', 'playing', 'pause', 'ended', 'ratechange', 'waiting', 'error', 'loadedmetadata']) {
      audio.addEventListener(type, tell('state'));
    }
    audio.addEventListener('play', () => this.tick());
  }

  /** Fetches nothing yet: whoever only looks has not listened, and the audit must not say so. */
  load(url, startMs, lengthMs) {
    this.startMs = startMs;
    this.lengthMs = lengthMs;
    if (this.audio.getAttribute('src') !== url) this.audio.src = url;
  }

  get ready() {
    return this.audio.readyState >= HTMLMediaElement.HAVE_METADATA;
  }

  get playing() {
    return !this.audio.paused && !this.audio.ended;
  }

  /** The call's clock. */
  get ms() {
    return this.wanted ?? this.audio.currentTime * 1000 + this.startMs;
  }

  get rate() {
    return this.audio.playbackRate;
  }

  set rate(rate) {
    this.audio.playbackRate = rate;
  }

  seek(ms) {
    const to = Math.max(0, this.lengthMs > 0 ? Math.min(ms, this.lengthMs) : ms);
    if (this.ready) {
      this.wanted = null;
      this.audio.currentTime = Math.max(0, (to - this.startMs) / 1000);
    } else {
      this.wanted = to;
    }
    this.dispatchEvent(new Event('seek'));
    this.dispatchEvent(new Event('time'));
  }

  settle() {
    if (this.wanted === null) return;
    const to = this.wanted;
    this.wanted = null;
    this.seek(to);
  }

  /** @returns {Promise<boolean>} false when the browser wants a click first */
  async play() {
    try {
      await this.audio.play();
      return true;
    } catch (e) {
      if (e.name === 'NotAllowedError' || e.name === 'AbortError') return false;
      this.dispatchEvent(new Event('state'));
      return false;
    }
  }

  toggle() {
    if (this.playing) this.audio.pause();
    else this.play();
  }

  /** "timeupdate" comes four times a second; a word may last a tenth of one. */
  tick() {
    cancelAnimationFrame(this.frame);
    const step = () => {
      if (!this.playing) return;
      this.dispatchEvent(new Event('time'));
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
  }
}
