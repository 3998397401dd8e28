// The few pictures there are. All are decoration: the words stand beside them, or in the label of the button.
import { html, svg } from 'lit';

const icon = (path) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${path}</svg>`;

export const plus = icon(svg`<path d="M8 3v10M3 8h10"/>`);
export const close = icon(svg`<path d="m4 4 8 8m0-8-8 8"/>`);
export const back = icon(svg`<path d="M10 3 5 8l5 5"/>`);
export const search = icon(svg`<circle cx="7" cy="7" r="4"/><path d="m10 10 3.500 3.500"/>`);
export const eye = icon(svg`<path d="M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8Z"/><circle cx="8" cy="8" r="2"/>`);
export const copy = icon(svg`<rect x="5.500" y="5.500" width="8" height="8" rx="1.500"/><path d="M10.500 5.500v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>`);
export const up = icon(svg`<path d="m4 10 4-4 4 4"/>`);
export const down = icon(svg`<path d="m4 6 4 4 4-4"/>`);
