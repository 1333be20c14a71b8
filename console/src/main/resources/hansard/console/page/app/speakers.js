// A colour for each speaker: the same person has the same one on every page, two people of one call never share one
// (while there are eight or fewer).

const COLOURS = 8;

function preferred(id) {
  let hash = 7;
  for (const c of id) hash = (hash * 31 + c.codePointAt(0)) >>> 0;
  return hash % COLOURS;
}

/** @returns {Map<string, string>} CSS class by participant id */
export function colours(ids) {
  const taken = new Set();
  const byId = new Map();
  for (const id of [...new Set(ids)].sort()) {
    let n = preferred(id);
    for (let i = 0; i < COLOURS && taken.has(n); i++) n = (n + 1) % COLOURS;
    taken.add(n);
    byId.set(id, `speaker-${n}`);
  }
  return byId;
}

export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? '?') + (words.length > 1 ? words.at(-1)[0] : '')).toUpperCase();
}
