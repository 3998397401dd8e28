// One project: its tokens, to be searched, filtered, sorted and acted upon, kept up to date by the stream of changes.
import { PageElement, html, nothing } from './element.js';
import { back, plus, search } from './icons.js';
import { count, plural } from './format.js';
import { TokenRows } from './token-rows.js';
import './token-table.js';
import './add-dialog.js';
import './token-dialog.js';
import './batch-dialog.js';
import './preload.js';

const AFTER_TYPING = 250;
const AFTER_CHANGE = 200;
const PREFIX = /^[A-Za-z0-9._@+-]*$/;

const FILTERS = {
  all: ['All', {}],
  valid: ['Valid files', { invalid: false }],
  invalid: ['Invalid files', { invalid: true }],
  expired: ['Expired', { expired: true }],
  hour: ['Expiring within 1 h', { expiringWithin: '1h' }],
  day: ['Expiring within 24 h', { expiringWithin: '24h' }],
  week: ['Expiring within 7 d', { expiringWithin: '7d' }],
};

class ProjectView extends PageElement {
  static properties = {
    app: { attribute: false },
    project: { attribute: false },
    total: { state: true },
    ttl: { state: true },
    masked: { state: true },
    selection: { state: true },
    dialog: { state: true },
    searchError: { state: true },
  };

  constructor() {
    super();
    this.masked = true;
    this.selection = new Set();
    this.filterName = 'all';
    this.startsWith = '';
    this.changedNames = new Set();
  }

  connectedCallback() {
    super.connectedCallback();
    this.rows = new TokenRows(this.app.api, this.project, () => this.rowsChanged());
    this.onChanges = (event) => this.noticed(event.detail);
    this.app.feed.addEventListener('changes', this.onChanges);
    this.app.feed.ready.then(() => this.isConnected && this.rows.loadMore());
    this.loadSummary();
    this.loadTtl();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.app.feed.removeEventListener('changes', this.onChanges);
    this.rows.clear();
    clearTimeout(this.typed);
    clearTimeout(this.soon);
  }

  may(scope) {
    return this.app.session.may(scope, this.project);
  }

  async loadSummary() {
    try {
      const { projects } = await this.app.api.projects();
      this.total = projects.find(({ name }) => name === this.project)?.tokens ?? 0;
    } catch {
      // the table says what is wrong
    }
  }

  async loadTtl() {
    if (this.app.session.may('stats:read')) {
      this.ttl = (await this.app.api.stats().catch(() => null))?.cache.tokenTtl;
    }
  }

  noticed({ event, project, filename }) {
    if (event === 'reset') {
      this.resetSeen = true;
    } else if (project !== this.project) {
      return;
    } else {
      this.changedNames.add(filename);
    }
    this.soon ??= setTimeout(() => this.catchUp(), AFTER_CHANGE);
  }

  async catchUp() {
    const names = [...this.changedNames];
    this.changedNames.clear();
    await Promise.all([this.resetSeen ? this.rows.reload() : this.rows.refresh(names), this.loadSummary()]);
    this.resetSeen = false;
    this.soon = this.changedNames.size > 0 ? setTimeout(() => this.catchUp(), AFTER_CHANGE) : undefined;
  }

  rowsChanged() {
    if (this.selection.size > 0) {
      const there = new Set(this.rows.rows.map((row) => row.filename));
      const left = [...this.selection].filter((name) => there.has(name));
      this.selection = left.length === this.selection.size ? this.selection : new Set(left);
    }
    this.requestUpdate();
  }

  applyFilter() {
    const prefix = this.startsWith.trim();
    this.searchError = PREFIX.test(prefix) ? null : 'Names hold only letters, digits and . _ @ + -';
    if (!this.searchError) {
      this.selection = new Set();
      this.querySelector('tc-token-table')?.scrollToTop();
      this.rows.filter({ ...FILTERS[this.filterName][1], prefix });
    }
  }

  type(event) {
    this.startsWith = event.target.value;
    clearTimeout(this.typed);
    this.typed = setTimeout(() => this.applyFilter(), AFTER_TYPING);
  }

  pick({ filename, on }) {
    this.selection = new Set(this.selection);
    this.selection[on ? 'add' : 'delete'](filename);
  }

  /** What is acted upon is what was selected then, in the versions shown then. */
  act(kind, rows = this.rows.rows.filter((row) => this.selection.has(row.filename))) {
    this.dialog = { kind, rows };
  }

  async invalidateProject() {
    try {
      const { invalidated } = await this.app.api.invalidate(this.project);
      this.app.notify(`${plural(invalidated, 'entry', 'entries')} dropped from memory.`);
      this.rows.reload();
    } catch (e) {
      this.app.notify(e.message, 'bad');
    }
  }

  render() {
    return html`
      <div class="heading">
        <button class="plain back" aria-label="Back to the overview" @click=${() => this.emit('left')}>${back}</button>
        <h1 tabindex="-1">${this.project}</h1>
        <span class="quiet total">${this.total === undefined ? '' : plural(this.total, 'token')}</span>
        <span class="grow"></span>
        ${this.may('cache:admin') ? this.cacheActions() : nothing}
        ${this.may('tokens:write')
          ? html`<button class="primary" @click=${() => (this.dialog = { kind: 'add' })}>${plus} Add token</button>`
          : nothing}
      </div>
      ${this.may('tokens:list') ? this.tokens() : html`<p class="card empty">Your token may not list this project.</p>`}
      ${this.openDialog()}`;
  }

  cacheActions() {
    return html`<tc-preload .app=${this.app} .project=${this.project} .total=${this.total} ?masked=${this.masked}
        @loaded=${() => this.rows.reload()}></tc-preload>
      <button @click=${this.invalidateProject}>Invalidate all</button>`;
  }

  tokens() {
    const { rows } = this;
    return html`
      <div class="toolbar">
        <label class="search"><span class="unseen">Search by the start of the name</span>${search}
          <input type="search" placeholder="Name starts with…" autocomplete="off" spellcheck="false" maxlength="255"
            aria-describedby="search-error" @input=${this.type}></label>
        <label><span class="unseen">Filter</span><select @change=${(event) => {
          this.filterName = event.target.value;
          this.applyFilter();
        }}>${Object.entries(FILTERS).map(([name, [title]]) => html`<option value=${name}>${title}</option>`)}</select></label>
        <label class="check"><input type="checkbox" .checked=${!this.masked}
          @change=${(event) => (this.masked = !event.target.checked)}> Show identities</label>
        <span id="search-error" class="field-error" role="alert">${this.searchError}</span>
      </div>
      ${rows.error ? html`<p class="note bad" role="alert">${rows.error.message}
        <button @click=${() => rows.reload()}>Try again</button></p>` : nothing}
      <tc-token-table .view=${rows.view} .sort=${{ ...rows.sort }} .selection=${this.selection} .masked=${this.masked}
        .ttl=${this.ttl} .total=${this.total} .empty=${this.emptyText()}
        ?selectable=${this.may('tokens:write') || this.may('cache:admin')}
        @near-end=${() => rows.error || rows.cursor === undefined || rows.loadMore()} @sorted=${(event) => rows.sortBy(event.detail)}
        @picked=${(event) => this.pick(event.detail)} @opened=${(event) => (this.dialog = { kind: 'token', row: event.detail })}
        @picked-all=${(event) => (this.selection = new Set(event.detail ? rows.view.map((row) => row.filename) : []))}
      ></tc-token-table>
      <div class="foot">${this.selection.size > 0 ? this.selected() : this.loaded()}</div>`;
  }

  emptyText() {
    if (this.rows.loading || (this.rows.cursor === undefined && !this.rows.error)) {
      return html`<span role="status">Loading tokens…</span>`;
    }
    if (this.rows.error) {
      return 'Not loaded.';
    }
    return this.startsWith || this.filterName !== 'all'
      ? html`<strong>Nothing found.</strong> No token meets this search and filter.`
      : html`<strong>No tokens here.</strong> They appear as soon as there are files.`;
  }

  loaded() {
    const { rows } = this;
    const filtered = this.startsWith !== '' || this.filterName !== 'all';
    const shown = rows.complete || filtered || !this.total
      ? `${plural(rows.rows.length, 'token')}${rows.complete ? '' : ' so far'}`
      : `${count(rows.rows.length)} of ${count(this.total)} loaded`;
    return html`<span role="status">${shown}</span>
      ${rows.unknown > 0 && filtered ? html`<span class="warn">${plural(rows.unknown, 'file')} can’t be told of now</span>` : nothing}
      ${rows.orderIsWhole ? nothing : html`<span class="warn">Sorted among the loaded ones only.</span>`}
      ${rows.complete
        ? nothing
        : rows.loadingAll
          ? html`<button @click=${() => rows.stopLoadingAll()}>Stop loading</button>`
          : html`<button ?disabled=${rows.cursor === undefined} @click=${() => rows.loadAll()}>Load all</button>`}`;
  }

  selected() {
    return html`<strong role="status">${count(this.selection.size)} selected</strong>
      ${this.may('cache:admin') ? html`<button @click=${() => this.act('invalidate')}>Invalidate</button>` : nothing}
      ${this.may('tokens:write') ? html`<button class="danger" @click=${() => this.act('delete')}>Delete…</button>` : nothing}
      <button class="plain" @click=${() => (this.selection = new Set())}>Clear selection</button>`;
  }

  openDialog() {
    const closed = () => {
      this.dialog = null;
      if (document.activeElement === document.body) {
        this.querySelector('h1').focus(); // what had the focus before is gone
      }
    };
    switch (this.dialog?.kind) {
      case undefined:
        return nothing;
      case 'add':
        return html`<tc-add-dialog .app=${this.app} .project=${this.project} @closed=${closed}
          @added=${(event) => this.noticed({ project: this.project, filename: event.detail })}></tc-add-dialog>`;
      case 'token':
        return html`<tc-token-dialog .app=${this.app} .project=${this.project} .row=${this.dialog.row} .ttl=${this.ttl}
          @closed=${closed} @wanted=${({ detail: { kind, row } }) => this.act(kind, [row])}
          @saved=${(event) => this.noticed({ project: this.project, filename: event.detail })}></tc-token-dialog>`;
      default:
        return html`<tc-batch-dialog .app=${this.app} .project=${this.project} .kind=${this.dialog.kind}
          .rows=${this.dialog.rows} @closed=${() => {
            closed();
            this.selection = new Set();
          }} @done=${(event) => event.detail.forEach((filename) => this.noticed({ project: this.project, filename }))}
        ></tc-batch-dialog>`;
    }
  }
}

customElements.define('tc-project', ProjectView);
