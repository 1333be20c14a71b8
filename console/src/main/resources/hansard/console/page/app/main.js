import { LitElement, html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import * as api from './api.js';
import { here, interceptLinks, navigate } from './router.js';
import './login.js';
import './search.js';
import './recordings.js';
import './call/call.js';

/** The frame: who is signed in, which view is shown. */
class App extends LitElement {
  static properties = {
    session: { state: true },
    place: { state: true },
    failure: { state: true },
  };

  constructor() {
    super();
    this.session = undefined; // undefined: not asked yet; null: signed out
    this.place = here();
    this.failure = null;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    interceptLinks(this);
    const moved = () => {
      const before = this.place;
      this.place = here();
      if (before.view !== this.place.view) window.scrollTo(0, 0);
    };
    window.addEventListener('popstate', moved);
    window.addEventListener('hansard-navigated', moved);
    window.addEventListener('hansard-signed-out', () => this.signedOut());
    document.addEventListener('keydown', (e) => this.shortcut(e));
    this.begin();
  }

  async begin() {
    this.failure = null;
    try {
      this.session = await api.peek('/v1/session');
      if (this.place.view === 'login') this.leaveLogin();
    } catch (e) {
      if (e.status === 401 || e.status === 403) this.signedOut();
      else this.failure = e.message;
    }
  }

  signedOut() {
    this.session = null;
    if (this.place.view !== 'login') {
      const back = location.pathname + location.search;
      navigate(back === '/' ? '/login' : `/login?next=${encodeURIComponent(back)}`, { replace: true });
    }
  }

  signedIn(session) {
    this.session = session;
    this.leaveLogin();
  }

  leaveLogin() {
    const next = new URLSearchParams(location.search).get('next') ?? '/';
    // only a path of our own: "//elsewhere" would lead away
    navigate(/^\/(?!\/)/.test(next) ? next : '/', { replace: true });
  }

  async signOut() {
    try {
      await api.del('/v1/session');
    } catch (e) {
      this.failure = e.message;
      return;
    }
    this.session = null;
    navigate('/login');
  }

  shortcut(e) {
    const typing = e.target.closest?.('input, textarea, select, [contenteditable]');
    if (e.key !== '/' || typing || e.metaKey || e.ctrlKey || e.altKey || !this.session) return;
    e.preventDefault();
    const field = this.querySelector('[data-slash]');
    if (field) {
      field.focus();
      field.select();
    } else {
      navigate('/');
    }
  }

  render() {
    if (this.failure && !this.session) return this.renderFailure();
    if (this.session === undefined) return html`<main class="starting" aria-busy="true"><span class="visually-hidden">Loading</span></main>`;
    if (this.session === null || this.place.view === 'login') {
      return html`<hansard-login @signed-in=${(e) => this.signedIn(e.detail)}></hansard-login>`;
    }
    return html`
      <a class="skip" href="#content">Skip to content</a>
      ${this.renderHeader()}
      <main id="content" tabindex="-1" class="view-${this.place.view}">${this.renderView()}</main>`;
  }

  renderFailure() {
    return html`<main class="centred"><div class="card notice" role="alert">
      <h1>Hansard is not ready</h1><p>${this.failure}</p>
      <button class="primary" @click=${() => this.begin()}>Try again</button></div></main>`;
  }

  renderHeader() {
    const current = (view) => (this.place.view === view ? 'page' : nothing);
    const name = this.session.displayName || this.session.user;
    return html`<header class="frame">
      <a class="brand" href="/"><img src="/app/icon.svg" alt="" width="26" height="26"><span>Hansard</span></a>
      <nav aria-label="Main">
        <a href="/" aria-current=${current('search')}>Search</a>
        <a href="/recordings" aria-current=${current('recordings')}>Recordings</a>
      </nav>
      <div class="who"><span class="who-name" title=${(this.session.roles ?? []).join(', ')}>${name}</span>
        <button class="quiet" @click=${() => this.signOut()} data-testid="sign-out">Sign out</button></div>
    </header>`;
  }

  renderView() {
    switch (this.place.view) {
      case 'search':
        return html`<hansard-search></hansard-search>`;
      case 'recordings':
        return html`<hansard-recordings></hansard-recordings>`;
      case 'call':
        return keyed(this.place.callId, html`<hansard-call .callId=${this.place.callId} .session=${this.session}></hansard-call>`);
      default:
        return html`<div class="empty"><h1>There is nothing here</h1><p>The address may be mistyped. <a href="/">Go to search</a>.</p></div>`;
    }
  }
}

customElements.define('hansard-app', App);
