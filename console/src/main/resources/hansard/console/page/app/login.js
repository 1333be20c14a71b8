import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';

class Login extends LitElement {
  static properties = { demo: { state: true }, busy: { state: true }, failure: { state: true } };

  constructor() {
    super();
    this.demo = [];
    this.busy = false;
    this.failure = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Sign in · Hansard';
    this.loadDemo();
  }

  async loadDemo() {
    try {
      this.demo = (await api.peek('/console.json')).demoLogins ?? [];
    } catch (e) {
      this.failure = e.message;
    }
  }

  firstUpdated() {
    this.querySelector('input')?.focus();
  }

  submit(e) {
    e.preventDefault();
    const form = new FormData(e.target);
    this.signIn(form.get('user').trim(), form.get('password'));
  }

  async signIn(user, password) {
    this.failure = '';
    if (!user || !password) {
      this.failure = 'Please give your user name and your password.';
      return;
    }
    this.busy = true;
    try {
      const session = await api.post('/v1/session', { user, password }, true);
      this.dispatchEvent(new CustomEvent('signed-in', { detail: session }));
    } catch (e) {
      this.failure = e.status === 401 ? 'That user name and password do not go together.' : e.message;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<main class="centred"><div class="login">
      <div class="login-brand"><img src="/app/icon.svg" alt="" width="44" height="44"><h1>Hansard</h1>
        <p>What was said, and the proof of it.</p></div>
      <form class="card" @submit=${this.submit} novalidate>
        <label for="user">User name</label>
        <input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck="false" required data-testid="login-user">
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required data-testid="login-password">
        <p class="form-error" role="alert" ?hidden=${!this.failure}>${this.failure}</p>
        <button class="primary wide" ?disabled=${this.busy} data-testid="login-submit">${this.busy ? 'Signing in…' : 'Sign in'}</button>
      </form>
      ${this.demo.length ? this.renderDemo() : nothing}
    </div></main>`;
  }

  renderDemo() {
    return html`<section class="demo" aria-labelledby="demo-title"><h2 id="demo-title">This is a demonstration. Look around as</h2>
      <ul>${this.demo.map((d) => html`<li><button class="card demo-login" ?disabled=${this.busy} data-testid="demo-login"
        @click=${() => this.signIn(d.user, d.password)}><strong>${d.user}</strong><span>${d.description}</span></button></li>`)}</ul></section>`;
  }
}

customElements.define('hansard-login', Login);
