import { html, svg } from 'lit';

const icon = (paths) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${paths}</svg>`;

export const search = icon(svg`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`);
export const play = icon(svg`<path class="solid" d="M8 5.2v13.6c0 .8.9 1.3 1.6.8l10-6.8c.6-.4.6-1.2 0-1.6l-10-6.8c-.7-.5-1.6 0-1.6.8z"/>`);
export const pause = icon(svg`<rect class="solid" x="6.5" y="5" width="4" height="14" rx="1"/><rect class="solid" x="13.5" y="5" width="4" height="14" rx="1"/>`);
export const back = icon(svg`<path d="M5 5v5h5"/><path d="M5.6 10A7.5 7.5 0 1 1 4.5 14"/><text class="solid" x="12" y="16.2" font-size="8.5" font-weight="700" text-anchor="middle">5</text>`);
export const forward = icon(svg`<path d="M19 5v5h-5"/><path d="M18.4 10a7.5 7.5 0 1 0 1.1 4"/><text class="solid" x="12" y="16.2" font-size="8.5" font-weight="700" text-anchor="middle">5</text>`);
export const link = icon(svg`<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3"/><path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"/>`);
export const download = icon(svg`<path d="M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M5 19.5h14"/>`);
export const lock = icon(svg`<rect x="5.5" y="10.5" width="13" height="9" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>`);
export const check = icon(svg`<path d="m5.5 12.5 4.5 4.5 8.5-9.5"/>`);
export const alert = icon(svg`<path d="M12 4.5 3.5 19h17z"/><path d="M12 10v4m0 2.6v.1"/>`);
export const down = icon(svg`<path d="m6.5 9.5 5.5 5.5 5.5-5.5"/>`);
export const up = icon(svg`<path d="m6.5 14.5 5.5-5.5 5.5 5.5"/>`);
export const left = icon(svg`<path d="m14.5 6-6 6 6 6"/>`);
export const filter = icon(svg`<path d="M4 7h16M7 12h10M10 17h4"/>`);
export const follow = icon(svg`<path d="M12 4v13m0 0 4.5-4.5M12 17l-4.5-4.5M6 20h12"/>`);
