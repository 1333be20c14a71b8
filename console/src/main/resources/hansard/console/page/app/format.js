// How times, dates and counts are written. Pure functions.

const pad = (n) => String(n).padStart(2, '0');

/** 75000 → "1:15", 3675000 → "1:01:15". */
export function clock(ms) {
  const s = Math.max(0, Math.floor((ms ?? 0) / 1000));
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  return h > 0 ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`;
}

/** 75000 → "1 min 15 s". */
export function duration(ms) {
  const s = Math.round((ms ?? 0) / 1000);
  if (s < 60) return `${s} s`;
  const m = Math.floor(s / 60);
  if (m < 60) return s % 60 === 0 ? `${m} min` : `${m} min ${s % 60} s`;
  return `${Math.floor(m / 60)} h ${m % 60} min`;
}

/** Times come as ISO text, or as microseconds since 1970 where they come from a topic. */
export function instant(value) {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number') return new Date(value > 1e14 ? value / 1000 : value);
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function day(value) {
  const date = instant(value);
  return date ? DAY.format(date) : '';
}

export function dayAndTime(value) {
  const date = instant(value);
  return date ? `${DAY.format(date)}, ${TIME.format(date)}` : '';
}

export function exact(value) {
  const date = instant(value);
  return date ? EXACT.format(date) : '';
}

export const count = (n) => (n ?? 0).toLocaleString();

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** Participants come as objects or as plain names. */
export const nameOf = (p) =>
  typeof p === 'string' ? p : (p?.displayName ?? p?.participant ?? p?.name ?? p?.participantId ?? '');
export const idOf = (p) => (typeof p === 'string' ? p : (p?.participantId ?? nameOf(p)));

/** What a call is called when nobody gave it a title. */
export const titleOf = (call) => call.title || (call.client ? `Call with ${call.client}` : `Call ${call.callId}`);

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'", '&#x2F;': '/', '&amp;': '&' };

/** Takes a snippet (escaped HTML with <mark>) apart into plain text pieces, so that nothing is ever read as HTML. */
export function pieces(snippet) {
  const found = [];
  let marked = false;
  for (const part of (snippet ?? '').split(/(<\/?mark>)/)) {
    if (part === '<mark>') marked = true;
    else if (part === '</mark>') marked = false;
    else if (part !== '') found.push({ marked, text: part.replace(/&(?:lt|gt|quot|#39|#x27|#x2F|amp);/g, (e) => ENTITIES[e]) });
  }
  return found;
}
