// The transcript as one list of words. Pure functions.

const plain = (text) => text.toLowerCase().normalize('NFKD').replace(/[^\p{L}\p{N}']+/gu, '');

/** Every word with its utterance, in the order they are shown; an utterance without word times is one word. */
export function flatten(utterances, of = wordsOf) {
  const words = [];
  utterances.forEach((u, index) => {
    for (const w of of(u)) words.push({ ...w, utterance: index, plain: plain(w.word) });
  });
  return words;
}

/** Where what was found among the words as heard is among the pieces that are shown. */
export function shownAt(found, heard, shown) {
  const first = [];
  heard.forEach((w, i) => (first[w.utterance] ??= i));
  const at = new Map();
  shown.forEach((piece, i) => {
    for (let k = piece.from; k <= piece.to; k++) at.set(first[piece.utterance] + k, i);
  });
  return found.map((hit) => [...new Set(hit.map((i) => at.get(i)))].filter((i) => i !== undefined)).filter((hit) => hit.length > 0);
}

export function wordsOf(u) {
  return u.words?.length ? u.words : [{ word: u.text, startMs: u.startMs, endMs: u.endMs, confidence: u.confidence }];
}

/** What stands where something was said that may not be kept readable; undefined for other words. */
export const removed = (word) => /^\[(card number|security code)\]/.exec(word)?.[1];

/**
 * An utterance as people write it: each piece with the time of the words it stands for (`from` to `to` in wordsOf) and the confidence of the
 * least certain of them. Pieces that are written as they were heard hold the rest in step: "at 2:30 today" has "at" and "today" in common
 * with "at two thirty today".
 */
export function readable(u) {
  const heard = wordsOf(u);
  const asHeard = heard.map((w, i) => ({ ...w, from: i, to: i }));
  if (!u.words?.length || !u.display || u.display === u.text) return asHeard;
  const pieces = u.display.match(/\[[^\]]+\]\S*|\S+/g) ?? [];
  const isHeard = (piece, at) => at < heard.length && plain(piece) === plain(heard[at].word);
  let at = 0;
  return pieces.map((piece, n) => {
    const from = Math.min(at, heard.length - 1);
    let to = from;
    if (n === pieces.length - 1) {
      to = heard.length - 1;
    } else if (!isHeard(piece, at)) {
      const next = heard.findIndex((_, i) => i > at && isHeard(pieces[n + 1], i));
      if (next > 0) to = next - 1;
    }
    at = to + 1;
    const confidence = Math.min(...heard.slice(from, to + 1).map((w) => w.confidence ?? 1));
    return { word: piece, startMs: heard[from].startMs, endMs: heard[to].endMs, confidence, from, to };
  });
}

/** Indexes of words by their start, for looking up what is being said; people may speak at once, so order is not enough. */
export function byStart(words) {
  return words.map((_, i) => i).sort((a, b) => words[a].startMs - words[b].startMs || a - b);
}

/** The word being said at a time: the last one begun, unless it ended more than a breath ago. −1 for none. */
export function wordAt(words, order, ms, breathMs = 1500) {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[order[middle]].startMs <= ms) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return -1;
  const i = order[low - 1];
  return ms <= words[i].endMs + breathMs ? i : -1;
}

/** Where a phrase occurs: lists of word indexes. The last word of the phrase may be unfinished. */
export function find(words, phrase) {
  const wanted = phrase.split(/\s+/).map(plain).filter(Boolean);
  if (wanted.length === 0) return [];
  const hits = [];
  for (let i = 0; i + wanted.length <= words.length; i++) {
    const fits = wanted.every((w, k) => {
      const word = words[i + k];
      if (word.utterance !== words[i].utterance) return false;
      return k === wanted.length - 1 ? word.plain.startsWith(w) : word.plain === w;
    });
    if (fits) hits.push(wanted.map((_, k) => i + k));
  }
  return hits;
}

/** What a search query asks for as words: the phrase if it finds something, else any of its words. */
export function findAsked(words, query) {
  const phrase = query.replace(/["“”]/g, ' ');
  const whole = find(words, phrase);
  if (whole.length > 0) return whole;
  const single = phrase.split(/\s+/).filter((w) => plain(w).length > 2 && !/^(?:and|or|not)$/i.test(w));
  return single.flatMap((w) => find(words, w)).sort((a, b) => a[0] - b[0]);
}

/** Puts an utterance of a live call in its place; the same id replaces, and one without words takes back what seemed to be some. */
export function withUtterance(utterances, u) {
  const rest = utterances.filter((o) => o.utteranceId !== u.utteranceId);
  if (u.partial && !u.text) return rest;
  let at = rest.length;
  while (at > 0 && rest[at - 1].startMs > u.startMs) at--;
  return [...rest.slice(0, at), u, ...rest.slice(at)];
}
