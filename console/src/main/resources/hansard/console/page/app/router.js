// Addresses: /, /search?q=…, /recordings, /call/ID?t=MS&q=WORDS, /login.

export function here() {
  const path = location.pathname;
  const call = path.match(/^\/call\/([^/]+)$/);
  if (call) return { view: 'call', callId: decodeURIComponent(call[1]) };
  if (path === '/' || path === '/search') return { view: 'search' };
  if (path === '/recordings') return { view: 'recordings' };
  if (path === '/login') return { view: 'login' };
  return { view: 'nowhere' };
}

export function navigate(url, { replace = false, state = null } = {}) {
  if (replace) history.replaceState(state, '', url);
  else history.pushState(state, '', url);
  window.dispatchEvent(new Event('hansard-navigated'));
}

/** Changes the address without showing another view: for what the view itself has already done. */
export function note(url) {
  history.replaceState(history.state, '', url);
}

export function callUrl(callId, ms, query) {
  const params = new URLSearchParams();
  if (ms !== undefined && ms !== null) params.set('t', String(Math.max(0, Math.round(ms))));
  if (query) params.set('q', query);
  const text = params.toString();
  return `/call/${encodeURIComponent(callId)}${text ? `?${text}` : ''}`;
}

/** Follows links to our own views without loading the page anew. */
export function interceptLinks(root) {
  root.addEventListener('click', (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const a = e.composedPath().find((n) => n instanceof HTMLAnchorElement);
    if (!a || a.target || a.hasAttribute('download') || a.origin !== location.origin) return;
    if (a.pathname.startsWith('/v1') || a.getAttribute('href').startsWith('#')) return;
    e.preventDefault();
    navigate(a.pathname + a.search, { state: a.dataset.play === undefined ? null : { play: true } });
  });
}
