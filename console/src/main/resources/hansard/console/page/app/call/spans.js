// What a stretch of a track's time is, in words and in patterns: nothing here depends on seeing colours.
import { svg } from 'lit';
import { clock, count } from '../format.js';

/** Reasons that are drawn: speech and silence are the ordinary ones. `label` is for the legend, `what` for sentences. */
export const REASONS = {
  lost: { label: 'Lost', what: 'lost on the way to us' },
  rejected: { label: 'Rejected', what: 'arrived and was rejected' },
  unplaced: { label: 'No place in time', what: 'arrived when its time was over' },
  nothing: { label: 'Nothing came', what: 'nothing came' },
  paused: { label: 'Paused by policy', what: 'recording was paused by policy' },
  redacted: { label: 'Redacted by policy', what: 'taken out of what is heard' },
  muted: { label: 'Muted', what: 'muted' },
  absent: { label: 'Not in the call', what: 'not in the call' },
  sealed: { label: 'Sealed, no key', what: 'sealed end to end, the key was not released' },
};

export const isDrawn = (span) => span.reason in REASONS && span.endMs > 0;

/** A gap is what a person should look at. */
export const isGap = (span) => ['lost', 'rejected', 'unplaced', 'paused', 'redacted', 'sealed'].includes(span.reason) || span.unplacedMs > 0 || (span.reason === 'nothing' && span.endMs - span.startMs >= 2000);

const precise = (ms) => (ms < 0 ? `−${clock(-ms)}` : `${clock(ms)}.${Math.floor((ms % 1000) / 100)}`);

export function lasting(ms) {
  return ms < 1000 ? `${ms} ms` : ms < 60000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60000)} min ${Math.round((ms % 60000) / 1000)} s`;
}

/** "0:12.4 to 0:13.4, 1.0 s: lost on the way to us, 50 packets, numbers 101 to 150". */
export function spanText(span) {
  // what the record says of these is a whole sentence already
  const told = ['nothing', 'sealed', 'absent', 'unplaced'].includes(span.reason) && span.detail;
  const parts = told ? [span.detail] : [REASONS[span.reason]?.what ?? span.reason];
  if (span.detail && !told) parts.push(span.detail);
  if (span.reason === 'lost' && span.lost) parts.push(`${count(span.lost)} ${span.lost === 1 ? 'packet' : 'packets'}, ${numbers(span)}`);
  else if (span.packets) parts.push(`${count(span.packets)} ${span.packets === 1 ? 'packet' : 'packets'}${span.reason === 'paused' ? ' let go unopened' : ''}`);
  if (span.unplacedMs) parts.push(`${lasting(span.unplacedMs)} arrived that has no place in time`);
  return `${precise(span.startMs)} to ${precise(span.endMs)}, ${lasting(span.endMs - span.startMs)}: ${parts.join(', ')}`;
}

const numbers = (s) => (s.fromSequence === s.toSequence ? `number ${s.fromSequence}` : `numbers ${s.fromSequence} to ${s.toSequence}`);

/** Each reason has a pattern of its own; the drawing they are used in is about as wide as it is on the screen. */
export const patterns = svg`<defs>
  <pattern id="gap-lost" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="gap-bad-ground" width="5" height="5"/><path class="gap-bad" d="M-1 1l2-2M0 5l5-5M4 6l2-2"/></pattern>
  <pattern id="gap-rejected" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="gap-bad-ground" width="6" height="6"/><path class="gap-bad" d="M0 0l6 6M0 6l6-6"/></pattern>
  <pattern id="gap-unplaced" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="gap-bad-ground" width="6" height="6"/><path class="gap-bad" d="M0 3h6M3 0v6"/></pattern>
  <pattern id="gap-nothing" width="4" height="16" patternUnits="userSpaceOnUse"><path class="gap-bad" d="M0 3.5h2.5M0 12.5h2.5"/></pattern>
  <pattern id="gap-paused" width="4" height="16" patternUnits="userSpaceOnUse"><rect class="gap-warn-ground" width="4" height="16"/><path class="gap-warn" d="M1 0v16"/></pattern>
  <pattern id="gap-redacted" width="6" height="16" patternUnits="userSpaceOnUse"><rect class="gap-warn-ground" width="6" height="16"/><path class="gap-warn" d="M0 5h6M0 11h6M1 5v6"/></pattern>
  <pattern id="gap-muted" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="gap-calm-dot" cx="2.5" cy="2.5" r="1"/></pattern>
  <pattern id="gap-absent" width="8" height="8" patternUnits="userSpaceOnUse"><path class="gap-calm" d="M-2 2l4-4M0 8l8-8M6 10l4-4"/></pattern>
  <pattern id="gap-sealed" width="16" height="4" patternUnits="userSpaceOnUse"><rect class="gap-warn-ground" width="16" height="4"/><path class="gap-warn" d="M0 1h16"/></pattern>
</defs>`;
