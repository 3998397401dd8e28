// One token: what is known of it, its values if one may and wants to see them, and the way to edit or delete it.
import { DialogElement, html, nothing, uniqueId } from './element.js';
import { close } from './icons.js';
import { parseObject } from './json-text.js';
import { bytes, exact, span } from './format.js';
import { state } from './token-table.js';
import './value-tree.js';
import './token-editor.js';

class TokenDialog extends DialogElement {
  static properties = {
    app: { attribute: false },
    project: { attribute: false },
    row: { attribute: false },
    ttl: { attribute: false },
    token: { state: true },
    error: { state: true },
    all: { state: true },
    editing: { state: true },
  };

  constructor() {
    super();
    this.titleId = uniqueId('token');
    this.onChanges = (event) => this.noticed(event.detail);
  }

  connectedCallback() {
    super.connectedCallback();
    this.app.feed.addEventListener('changes', this.onChanges);
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.app.feed.removeEventListener('changes', this.onChanges);
  }

  may(scope) {
    return this.app.session.may(scope, this.project);
  }

  /** What is shown follows the file; what is being edited doesn't, its conflict is told when it is saved. */
  noticed({ project, filename }) {
    if (!this.editing && project === this.project && filename === this.row.filename) {
      this.load();
    }
  }

  async load() {
    this.error = null;
    try {
      if (this.may('tokens:list')) {
        const page = await this.app.api.page(this.project, { prefix: this.row.filename, limit: 1 });
        const row = page.tokens.find(({ filename }) => filename === this.row.filename);
        this.row = row ? { ...row, seen: Date.now() } : this.row;
      }
      if (this.may('tokens:read')) {
        this.take(await this.app.api.token(this.project, this.row.filename));
      }
    } catch (e) {
      this.token = null;
      this.error = e;
    }
  }

  take({ text, etag }) {
    const { value, error } = parseObject(text);
    this.token = error ? null : { text, etag, value };
    this.error = error ? new TypeError(error) : null;
  }

  mayClose() {
    return !this.editing || this.querySelector('tc-token-editor').mayClose();
  }

  saved(token) {
    this.editing = false;
    this.take(token);
    this.emit('saved', this.row.filename);
    this.load();
  }

  render() {
    return html`<dialog class="large" aria-labelledby=${this.titleId}>
      <div class="dialog-head">
        <h2 id=${this.titleId} class="filename">${this.row.filename}</h2>
        <button class="plain" aria-label="Close" @click=${() => this.mayClose() && this.close()}>${close}</button>
      </div>
      ${this.editing
        ? html`<tc-token-editor .app=${this.app} .project=${this.project} .filename=${this.row.filename} .token=${this.token}
            @saved=${(event) => this.saved(event.detail)} @cancelled=${() => {
              this.editing = false;
              this.load();
            }}></tc-token-editor>`
        : this.view()}
    </dialog>`;
  }

  view() {
    return html`${this.facts()} ${this.values()}
      <div class="buttons">
        ${this.may('cache:admin') ? html`<button @click=${() => this.emit('wanted', { kind: 'invalidate', row: this.row })}>Invalidate…</button>` : nothing}
        ${this.may('tokens:write') ? html`<button class="danger" @click=${() => this.emit('wanted', { kind: 'delete', row: this.row })}>Delete…</button>` : nothing}
        <span class="grow"></span>
        ${this.may('tokens:write') && this.may('tokens:read')
          ? html`<button class="primary" ?disabled=${!this.token} @click=${() => (this.editing = true)}>Edit</button>`
          : nothing}
      </div>`;
  }

  facts() {
    const { row } = this;
    const expiry = row.expiresAt ? `${exact(row.expiresAt)} (${row.expirySource})` : 'not stated';
    const age = row.cached && row.age !== null && row.age !== undefined ? `read ${span(row.age * 1000)} ago` : 'no';
    return html`<dl class="facts">
      <div><dt>State</dt><dd>${state(row)}</dd></div>
      <div><dt>Size</dt><dd>${bytes(row.size)}</dd></div>
      <div><dt>Modified</dt><dd>${exact(row.modified) || '–'}</dd></div>
      <div><dt>Expires</dt><dd>${expiry}</dd></div>
      <div><dt>In memory</dt><dd>${age}</dd></div>
      <div><dt>Refresh token</dt><dd>${row.hasRefreshToken === undefined ? '–' : row.hasRefreshToken ? 'yes' : 'no'}</dd></div>
    </dl>`;
  }

  values() {
    if (!this.may('tokens:read')) {
      return html`<p class="note">Your token may not read values.</p>`;
    }
    if (this.error) {
      return html`<p class="note bad" role="alert">${this.error.status === 404 ? 'It is gone: somebody has deleted it.' : this.error.message}</p>`;
    }
    if (!this.token) {
      return html`<p class="quiet" role="status">Reading…</p>`;
    }
    return html`<div class="values-head"><h3>Values</h3>
        <button @click=${() => (this.all = !this.all)} aria-pressed=${this.all ? 'true' : 'false'}>${this.all ? 'Hide all' : 'Show all'}</button></div>
      <tc-value-tree .value=${this.token.value} ?all=${this.all} .notify=${this.app.notify}></tc-value-tree>`;
  }
}

customElements.define('tc-token-dialog', TokenDialog);
