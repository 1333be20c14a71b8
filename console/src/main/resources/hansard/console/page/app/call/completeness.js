import { html, nothing } from 'lit';
import * as icons from '../icons.js';
import { clock, count, duration, plural } from '../format.js';
import { isGap, lasting, spanText } from './spans.js';

const REASONS = {
  MALFORMED: 'not media packets',
  NO_SESSION: 'no session key was given',
  NO_KEY: 'the session key did not open',
  AUTH_FAILED: 'forged or altered',
  UNKNOWN_MKI: 'under a key that was not given',
  PLAINTEXT: 'sent unencrypted',
  REPLAYED: 'sent more than once',
  REDUNDANT: 'sent again although it had come',
  LAYER_LEFT_OUT: 'left out: another simulcast layer is kept',
  LAYER_UNKEYED: 'of a simulcast layer before its first key frame',
  UNSUPPORTED: 'of a codec that is not known to this version, kept sealed',
  UNANNOUNCED: 'of a payload type that was not announced, kept sealed',
  FOREIGN_SSRC: 'of another sender',
  NOT_DURABLE: 'could not be stored in time',
  FRAME_REFUSED: 'forged, altered or replayed inside the end-to-end encryption',
  RTCP: 'control packets, not media',
};

const RECOVERED = { RTX: 'sent again (RTX)', RED: 'sent twice (RED)' };

/** "audio", "video", or what it is when it is of a screen. */
export const whatOf = (track) => `${(track.kind ?? '').toLowerCase()}${track.content === 'screen' ? ' of the screen' : ''}`;

const rejectedSum = (account) => Object.values(account.rejected ?? {}).reduce((a, b) => a + b, 0);

/** An alarm may be a sentence or something that has one. */
const alarmText = (alarm) => (typeof alarm === 'string' ? alarm : (alarm.sentence ?? alarm.message ?? alarm.detail ?? alarm.text ?? JSON.stringify(alarm)));

export function alarmList(alarms) {
  if (!alarms?.length) return nothing;
  return html`<div class="alarms" role="alert" data-testid="alarms">${icons.alert}<div><strong>${plural(alarms.length, 'alarm')}</strong>
    <ul>${alarms.map((a) => html`<li>${alarmText(a)}</li>`)}</ul></div></div>`;
}

/** That a key is missing is no fault of the recording; who it is missing for, and what would help. */
export function endToEndNotice(recording) {
  const sealed = (recording.tracks ?? []).filter((t) => t.endToEnd && ['key-not-released', 'partly-opened'].includes(t.endToEnd.state));
  if (!sealed.length) return nothing;
  const all = recording.endToEnd === 'key-not-released';
  return html`<div class="end-to-end-notice" role="status" data-testid="end-to-end-notice">${icons.lock}<div>
    <strong>End-to-end encrypted, key not released</strong>
    <p>${all ? 'The call is recorded and stays sealed: nobody can hear or see it, and it has no transcript.'
      : 'A part of the call is recorded and stays sealed.'} It becomes readable when whoever holds the participants’ keys releases them.</p>
    <ul>${sealed.map((t) => html`<li>${t.participant}, ${(t.kind ?? '').toLowerCase()}: ${plural(t.endToEnd.unopenedFrames, 'frame')} sealed with ${t.endToEnd.cipher}</li>`)}</ul></div></div>`;
}

/** "complete but for …" → "Complete but for …." */
export const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}.` : '');

/**
 * Where every packet went and what every moment is: the sums that an officer can add up.
 * @param spans what the signed completeness says, or null
 * @param jump goes to a time of the call
 */
export function completeness(recording, spans, jump) {
  const account = recording.account;
  return html`<section class="card panel" aria-labelledby="completeness-title" data-testid="completeness">
    <h2 id="completeness-title">Completeness</h2>
    ${recording.completeness ? renderVerdict(recording.completeness, spans) : nothing}
    ${account ? renderSum(account, recording.state, Boolean(recording.completeness)) : html`<p class="muted">No packets are accounted for yet.</p>`}
    ${recording.tracks?.length ? renderTracks(recording.tracks) : nothing}
    ${spans ? renderMended(spans) : nothing}
    ${spans ? renderGaps(spans, new Map((recording.tracks ?? []).map((t) => [t.trackId, t.content])), jump) : nothing}</section>`;
}

function renderVerdict(verdict, spans) {
  const whole = verdict.state === 'complete';
  return html`<p class="verdict ${whole ? 'good' : verdict.state === 'nothing' ? 'bad' : ''}" data-testid="verdict">${whole ? icons.check : icons.alert}
      <span><b>${sentence(verdict.verdict)}</b>${verdict.state === 'gaps' ? html` ${verdict.percentCaptured} % of what was due is here.` : nothing}</span></p>
    ${spans?.signedBy ? html`<p class="signed muted">${spans.signedBy.startsWith('CN=') ? html`Signed by ${spans.signedBy.slice(3)}` : sentence(spans.signedBy)}</p>` : nothing}
    ${spans?.findings.length ? html`<ul class="findings">${spans.findings.map((f) => html`<li>${sentence(f)}</li>`)}</ul>` : nothing}`;
}

/** What was lost on the way and is heard all the same, or something like it. */
function renderMended(spans) {
  const told = spans.tracks.map((t) => [t, mended(t)]).filter(([, parts]) => parts.length);
  if (!told.length) return nothing;
  return html`<div class="mended" data-testid="mended"><h3>What was made good</h3><ul>${told.map(([t, parts]) => html`<li>${t.participant} <span class="muted">${whatOf(t)}</span>: ${parts.join(', ')}</li>`)}</ul></div>`;
}

function mended(track) {
  const parts = Object.entries(track.recovered ?? {}).filter(([, n]) => n > 0).map(([by, n]) => `${plural(n, 'packet')} ${RECOVERED[by] ?? `by ${by}`}`);
  if (track.recoveredMs) parts.push(`${lasting(track.recoveredMs)} heard in the packet after it (FEC)`);
  if (track.concealedMs) parts.push(`${lasting(track.concealedMs)} made up by the decoder`);
  if (track.trimmedMs) parts.push(`${lasting(track.trimmedMs)} left out, since the sender’s clock is fast`);
  return parts;
}

/** Every gap and every oddity of each track, in words; a gap is a button that goes there. */
function renderGaps(spans, contents, jump) {
  const told = spans.tracks.filter((t) => t.findings.length || t.spans.some(isGap));
  if (!told.length) return nothing;
  return html`<div class="gaps" data-testid="gaps"><h3>What is missing, track by track</h3>${told.map((t) => {
    const gaps = t.spans.filter(isGap);
    return html`<details ?open=${gaps.length <= 6}><summary>${t.participant} <span class="muted">${whatOf({ ...t, content: contents.get(t.trackId) })}</span>: ${t.verdict.verdict}</summary>
      <ul>${t.findings.map((f) => html`<li class="finding">${sentence(f)}</li>`)}
        ${gaps.slice(0, 200).map((s) => html`<li><button class="gap" @click=${() => jump(Math.max(0, s.startMs))}><i class="gap-mark ${s.reason}" aria-hidden="true"></i>${spanText(s)}</button></li>`)}
        ${gaps.length > 200 ? html`<li class="muted">and ${count(gaps.length - 200)} more, in the report</li>` : nothing}</ul></details>`;
  })}</div>`;
}

function renderSum(account, state, stated) {
  const rejected = rejectedSum(account);
  const paused = account.paused ?? 0;
  const fits = account.received === account.framed + rejected + paused + (account.inFlight ?? 0);
  const whole = fits && account.lost === 0 && (account.inFlight ?? 0) === 0;
  const verdict = !fits
    ? html`<p class="verdict bad">${icons.alert}<span>The counts do not add up. Tell whoever operates Hansard.</span></p>`
    : whole
      ? html`<p class="verdict good">${icons.check}<span>Every packet that was sent has arrived and is accounted for.</span></p>`
      : html`<p class="verdict">${icons.check}<span>Every packet that arrived is accounted for${account.lost ? html`; <b>${plural(account.lost, 'packet')} never arrived</b>` : nothing}.${state === 'live' ? ' The call goes on.' : ''}</span></p>`;
  return html`${stated && fits ? nothing : verdict}
    <dl class="sum">
      <div><dt>received</dt><dd>${count(account.received)}</dd></div><span class="op" aria-hidden="true">=</span>
      <div><dt>recorded</dt><dd>${count(account.framed)}</dd></div><span class="op" aria-hidden="true">+</span>
      <div><dt>rejected</dt><dd>${count(rejected)}</dd></div><span class="op" aria-hidden="true">+</span>
      ${paused ? html`<div><dt>paused</dt><dd>${count(paused)}</dd></div><span class="op" aria-hidden="true">+</span>` : nothing}
      <div><dt>in flight</dt><dd>${count(account.inFlight)}</dd></div>
    </dl>
    ${rejected > 0 ? html`<ul class="reasons">${Object.entries(account.rejected).filter(([, n]) => n > 0).map(
      ([reason, n]) => html`<li><b>${count(n)}</b> ${REASONS[reason] ?? reason}</li>`)}</ul>` : nothing}
    <p class="lost ${account.lost ? 'some' : ''}"><b>${count(account.lost)}</b> lost on the way to us</p>`;
}

function renderTracks(tracks) {
  return html`<div class="table-box" tabindex="0" role="region" aria-label="Tracks"><table><caption class="visually-hidden">Tracks</caption><thead><tr><th scope="col">Track</th><th scope="col">Codec</th>
    <th scope="col" class="num">Starts</th><th scope="col" class="num">Lasts</th><th scope="col" class="num">Packets</th><th scope="col" class="num">Lost</th></tr></thead>
    <tbody>${tracks.map((t) => html`<tr><th scope="row">${t.participant} <span class="muted">${whatOf(t)}</span></th><td>${t.codec ?? ''}${[t.kept, t.discarded].filter(Boolean).map((why) => html`<br><span class="muted small-text">${why}</span>`)}</td>
      ${t.media || !t.reason
        ? html`<td class="num">${clock(t.startMs)}</td><td class="num" title=${duration(t.durationMs)}>${clock(t.durationMs)}</td>`
        : html`<td colspan="2" class="empty-track">${t.sound === 'withheld' ? 'Withheld, ' : ''}${t.reason}</td>`}
      <td class="num">${count(t.packets)}</td><td class="num ${t.lost ? 'bad' : ''}">${count(t.lost)}</td></tr>`)}</tbody></table></div>`;
}
