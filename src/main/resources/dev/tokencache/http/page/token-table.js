// The table of tokens. Only the rows in sight are in the document, however many there are.
import { PageElement, html, nothing, repeat } from './element.js';
import { down, up } from './icons.js';
import { bytes, exact, maskName, moment, span } from './format.js';

const ROOM = 8;
const NEAR_END = 60;
const FRESH = 2_500;
const phone = window.matchMedia('(max-width: 760px)');

const COLUMNS = [
  { key: 'name', title: 'Name' },
  { key: 'size', title: 'Size', number: true },
  { key: 'modified', title: 'Modified' },
  { key: 'expires', title: 'Expires' },
  { key: 'cache', title: 'In memory' },
  { key: 'state', title: 'State' },
];

class TokenTable extends PageElement {
  static properties = {
    view: { attribute: false },
    sort: { attribute: false },
    selection: { attribute: false },
    selectable: { type: Boolean },
    masked: { type: Boolean },
    ttl: { attribute: false },
    total: { attribute: false },
    empty: { attribute: false },
    now: { state: true },
    first: { state: true },
  };

  constructor() {
    super();
    this.view = [];
    this.selection = new Set();
    this.now = Date.now();
    this.first = 0;
    this.shown = 30;
    this.onPhone = () => this.measure();
  }

  connectedCallback() {
    super.connectedCallback();
    phone.addEventListener('change', this.onPhone);
    this.timer = setInterval(() => document.visibilityState === 'visible' && (this.now = Date.now()), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    phone.removeEventListener('change', this.onPhone);
    clearInterval(this.timer);
    this.sizes?.disconnect();
  }

  firstUpdated() {
    this.scroller = this.querySelector('.rows-scroller');
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.scroller);
  }

  get rowHeight() {
    return phone.matches ? 68 : 36;
  }

  measure() {
    const height = this.rowHeight;
    this.shown = Math.ceil(this.scroller.clientHeight / height) + 2 * ROOM;
    this.first = Math.max(0, Math.floor(this.scroller.scrollTop / height) - ROOM);
    this.requestUpdate();
    this.checkEnd();
  }

  checkEnd() {
    if (this.first + this.shown + NEAR_END > this.view.length) {
      this.emit('near-end');
    }
  }

  scrollToTop() {
    if (this.scroller) {
      this.scroller.scrollTop = 0;
    }
  }

  updated() {
    const first = Math.min(this.first, Math.max(0, this.view.length - 1));
    this.querySelector('.rows').style.height = `${this.view.length * this.rowHeight}px`;
    this.querySelector('.rows-window').style.transform = `translateY(${first * this.rowHeight}px)`;
    if (this.scroller) {
      this.checkEnd();
    }
  }

  render() {
    const first = Math.min(this.first, Math.max(0, this.view.length - 1));
    const rows = this.view.slice(first, first + this.shown);
    return html`
      <div class="token-table ${this.selectable ? 'selectable' : ''}">
        <div class="rows-scroller" @scroll=${() => this.measure()}>
          <div role="table" aria-label="Tokens" aria-rowcount=${(this.total ?? this.view.length) + 1}>
            <div role="rowgroup" class="head-group">
              <div class="row head" role="row" aria-rowindex="1">
                ${this.selectable ? html`<div role="columnheader" class="c-pick">${this.pickAll()}</div>` : nothing}
                ${COLUMNS.map((column) => this.header(column))}
              </div>
            </div>
            <div class="rows">
              <div class="rows-window" role="rowgroup">
                ${repeat(rows, (row) => row.filename, (row, i) => this.row(row, first + i))}
              </div>
            </div>
          </div>
          ${this.view.length === 0 ? html`<div class="rows-empty">${this.empty}</div>` : nothing}
        </div>
      </div>`;
  }

  header({ key, title, number }) {
    const sorted = this.sort.key === key;
    const order = sorted ? (this.sort.descending ? 'descending' : 'ascending') : 'none';
    return html`<div role="columnheader" class="c-${key} ${number ? 'number' : ''}" aria-sort=${order}>
      <button class="sort ${sorted ? 'on' : ''}" @click=${() => this.emit('sorted', key)}>
        ${title}${sorted && this.sort.descending ? down : up}
      </button>
    </div>`;
  }

  pickAll() {
    const all = this.view.length > 0 && this.selection.size >= this.view.length;
    return html`<input type="checkbox" aria-label="Select all loaded tokens" .checked=${all}
      .indeterminate=${this.selection.size > 0 && !all}
      ?disabled=${this.view.length === 0}
      @change=${(event) => this.emit('picked-all', event.target.checked)}>`;
  }

  row(row, i) {
    const name = this.masked ? maskName(row.filename) : row.filename;
    const fresh = row.fresh && this.now - row.fresh < FRESH;
    const picked = this.selection.has(row.filename);
    return html`<div class="row ${fresh ? 'fresh' : ''} ${picked ? 'picked' : ''}" role="row" aria-rowindex=${i + 2}>
      ${this.selectable
        ? html`<div role="cell" class="c-pick"><input type="checkbox" aria-label="Select ${name}" .checked=${picked}
            @change=${(event) => this.emit('picked', { filename: row.filename, on: event.target.checked })}></div>`
        : nothing}
      <div role="cell" class="c-name"><button class="name" @click=${() => this.emit('opened', row)}>${name}</button></div>
      <div role="cell" class="c-size number">${bytes(row.size)}</div>
      <div role="cell" class="c-modified"><span title=${exact(row.modified)}>${moment(row.modified, this.now)}</span></div>
      <div role="cell" class="c-expires">${this.expiry(row)}</div>
      <div role="cell" class="c-cache">${this.cached(row)}</div>
      <div role="cell" class="c-state">${state(row, this.now)}</div>
    </div>`;
  }

  expiry(row) {
    if (!row.expiresAt) {
      return html`<span class="quiet">–</span>`;
    }
    const left = Date.parse(row.expiresAt) - this.now;
    return html`<span title=${exact(row.expiresAt)} class=${left < 3_600_000 ? 'warn' : ''}>
      ${left <= 0 ? `${span(left)} ago` : `in ${span(left)}`}</span>`;
  }

  cached(row) {
    if (!row.cached || row.age === null || row.age === undefined) {
      return html`<span class="quiet">no</span>`;
    }
    // The age is that of the moment it was asked for.
    const age = row.age * 1000 + (this.now - row.seen);
    const left = this.ttl ? this.ttl - age : null;
    if (left !== null && left <= 0) {
      return html`<span class="quiet">expired</span>`;
    }
    return html`${span(age)}${left === null ? nothing : html`<span class="quiet"> · ${span(left)} left</span>`}`;
  }
}

/** Colour is never all there is: each state is a word. */
export function state(row, now = Date.now()) {
  if (row.valid === false) {
    const place = row.position?.line ? ` ${row.position.line}:${row.position.column}` : '';
    return html`<span class="badge bad" title=${row.since ? `since ${exact(row.since)}` : ''}>${row.reason}${place}</span>`;
  }
  if (row.valid === null) {
    return html`<span class="badge dim">${row.reason}</span>`;
  }
  return row.expiresAt && Date.parse(row.expiresAt) <= now
    ? html`<span class="badge amber">expired</span>`
    : html`<span class="badge good">valid</span>`;
}

customElements.define('tc-token-table', TokenTable);
