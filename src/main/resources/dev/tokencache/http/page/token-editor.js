// Edits a token's text and sends what differs as a merge patch, on the condition that nobody was faster.
import { PageElement, html, nothing } from './element.js';
import { applyPatch, changes, mergePatch, unspeakable } from './json-diff.js';
import { parseObject, pretty } from './json-text.js';
import { plural } from './format.js';

const LONGEST = 60;

class TokenEditor extends PageElement {
  static properties = {
    app: { attribute: false },
    project: { attribute: false },
    filename: { attribute: false },
    token: { attribute: false },
    text: { state: true },
    conflict: { state: true },
    error: { state: true },
    busy: { state: true },
    leaving: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.base = this.token;
    this.text = pretty(this.token.value);
  }

  firstUpdated() {
    this.querySelector('textarea').focus();
  }

  get edited() {
    return parseObject(this.text);
  }

  isDirty() {
    const { value, error } = this.edited;
    return Boolean(error) || changes(this.base.value, value).length > 0;
  }

  /** Whether nothing is lost; says so once, and then lets go. */
  mayClose() {
    if (this.leaving || !this.isDirty()) {
      return true;
    }
    this.leaving = true;
    return false;
  }

  type(event) {
    this.text = event.target.value;
    this.error = null;
    this.leaving = false;
  }

  async save() {
    const { value } = this.edited;
    this.busy = true;
    this.error = null;
    try {
      const patch = JSON.stringify(mergePatch(this.base.value, value));
      const saved = await this.app.api.patch(this.project, this.filename, patch, this.base.etag);
      this.app.notify(`Saved ${this.filename}.`);
      this.emit('saved', saved);
    } catch (e) {
      if (e.status === 412) {
        await this.showConflict();
      } else {
        this.error = e.message;
      }
    }
    this.busy = false;
  }

  async showConflict() {
    try {
      const { text, etag } = await this.app.api.token(this.project, this.filename);
      const { value, error } = parseObject(text);
      if (error) {
        throw new TypeError(error);
      }
      this.conflict = { theirs: { text, etag, value }, found: changes(this.base.value, value) };
      await this.updateComplete;
      this.querySelector('.conflict h3').focus();
    } catch (e) {
      this.error = e.status === 404 ? 'Somebody has deleted this token meanwhile: nothing was saved.' : e.message;
    }
  }

  /** Goes on from their version with one's own changes on top. */
  rebase() {
    const { value } = this.edited;
    const mine = mergePatch(this.base.value, value);
    this.base = this.conflict.theirs;
    this.text = pretty(applyPatch(this.base.value, mine));
    this.conflict = null;
  }

  render() {
    const { value, error } = this.edited;
    const found = error ? [] : changes(this.base.value, value);
    const never = error ? null : unspeakable(this.base.value, value);
    const problem = error ?? (never ? `${where(never)} can’t be set to null: a merge patch removes what is null.` : null);
    return html`
      ${this.conflict ? this.showTheirs() : nothing}
      <label class="field">Content<textarea class="code" rows="12" spellcheck="false" .value=${this.text}
        aria-describedby="edit-problem" aria-invalid=${problem ? 'true' : 'false'} @input=${this.type}></textarea></label>
      <p id="edit-problem" class="field-error" role="alert">${this.error ?? problem}</p>
      <section class="preview" aria-label="What will change">
        <h3>${found.length === 0 ? 'No changes yet' : plural(found.length, 'change')}</h3>
        ${difference(found)}
      </section>
      ${this.leaving ? html`<p class="note" role="alert">Your changes aren’t saved. Cancel again to drop them.</p>` : nothing}
      <div class="buttons">
        <button @click=${() => this.mayClose() && this.emit('cancelled')}>Cancel</button>
        <button class="primary" ?disabled=${this.busy || problem || found.length === 0 || this.conflict}
          @click=${this.save}>${this.busy ? 'Saving…' : 'Save changes'}</button>
      </div>`;
  }

  showTheirs() {
    const { found } = this.conflict;
    return html`<section class="note bad conflict" role="alert">
      <h3 tabindex="-1">Somebody else was faster</h3>
      <p>This token was changed since you opened it, so nothing was saved. ${found.length === 0
        ? 'Only its layout differs now.'
        : 'They changed:'}</p>
      ${difference(found)}
      <div class="buttons">
        <button @click=${() => this.emit('saved', this.conflict.theirs)}>Drop mine</button>
        <button class="primary" @click=${this.rebase}>Keep mine on top of theirs</button>
      </div>
    </section>`;
  }
}

const where = (path) => path.join(' › ');

function short(value) {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function difference(found) {
  return html`<ul class="difference">${found.map(({ path, kind, from, to }) => html`<li class=${kind}>
    <span class="path">${where(path)} <span class="quiet">${kind}</span></span>
    ${kind === 'added' ? nothing : html`<del>${short(from)}</del>`}
    ${kind === 'removed' ? nothing : html`<ins>${short(to)}</ins>`}</li>`)}</ul>`;
}

customElements.define('tc-token-editor', TokenEditor);
