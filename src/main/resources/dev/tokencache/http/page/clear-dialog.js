// Drops everything from memory, once that is confirmed.
import { DialogElement, html, nothing, uniqueId } from './element.js';
import { plural } from './format.js';

class ClearDialog extends DialogElement {
  static properties = { app: { attribute: false }, error: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.titleId = uniqueId('clear');
  }

  mayClose() {
    return !this.busy;
  }

  async clear() {
    this.busy = true;
    this.error = null;
    try {
      const { invalidated } = await this.app.api.clear();
      this.app.notify(`Cache cleared: ${plural(invalidated, 'entry', 'entries')} dropped from memory.`);
      this.emit('cleared');
      this.close();
    } catch (e) {
      this.error = e.message;
    }
    this.busy = false;
  }

  render() {
    return html`<dialog aria-labelledby=${this.titleId}>
      <h2 id=${this.titleId}>Clear the whole cache?</h2>
      <p>All tokens and lists of all projects are dropped from memory, and read from the disk when they are wanted next. The
        files stay as they are.</p>
      ${this.error ? html`<p class="note bad" role="alert">${this.error}</p>` : nothing}
      <div class="buttons">
        <button autofocus ?disabled=${this.busy} @click=${() => this.close()}>Cancel</button>
        <button class="danger solid" ?disabled=${this.busy} @click=${this.clear}>${this.busy ? 'Clearing…' : 'Clear cache'}</button>
      </div>
    </dialog>`;
  }
}

customElements.define('tc-clear-dialog', ClearDialog);
