// The one place that talks to the server. Errors come back as problem details (RFC 9457).

export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

async function ask(method, path, { params, body, signal, quiet } = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, value);
  }
  let response;
  try {
    response = await fetch(url, {
      method,
      signal,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Problem(0, '', 'Hansard cannot be reached. Check your connection and try again.');
  }
  if (response.ok) {
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  }
  if (response.status === 401 && !quiet) window.dispatchEvent(new Event('hansard-signed-out'));
  throw await problemOf(response);
}

async function problemOf(response) {
  const text = await response.text();
  if ((response.headers.get('Content-Type') ?? '').includes('json')) {
    const p = JSON.parse(text);
    return new Problem(response.status, p.code ?? '', p.detail || p.title || `Error ${response.status}`);
  }
  return new Problem(response.status, '', `The server answered with ${response.status}.`);
}

export const get = (path, params, signal) => ask('GET', path, { params, signal });
/** As get, but 401 is an answer like any other and does not send anybody to the login page. */
export const peek = (path) => ask('GET', path, { quiet: true });
export const post = (path, body, quiet = false) => ask('POST', path, { body, quiet });
export const del = (path, params) => ask('DELETE', path, { params });

export const recordingPath = (callId, rest = '') => `/v1/recordings/${encodeURIComponent(callId)}${rest}`;
