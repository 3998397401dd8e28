// Deletes or invalidates one or several tokens, and says of each that failed why.
import { DialogElement, html, nothing, uniqueId } from './element.js';
import { runAll } from './batch.js';
import { count, plural } from './format.js';

const SHOWN = 8;

const KINDS = {
  delete: {
    title: (n) => (n === 1 ? 'Delete this token?' : `Delete ${plural(n, 'token')}?`),
    text: 'The files are removed from the disk. This can’t be undone.',
    button: 'Delete',
    running: 'Deleting',
    done: 'deleted',
    work: (api, project) => (row) => api.delete(project, row.filename, row.etag),
  },
  invalidate: {
    title: (n) => `Invalidate ${plural(n, 'token')}?`,
    text: 'They are dropped from memory and read from the disk when they are wanted next.',
    button: 'Invalidate',
    running: 'Invalidating',
    done: 'invalidated',
    work: (api, project) => (row) => api.invalidate(project, row.filename),
  },
};

class BatchDialog extends DialogElement {
  static properties = {
    app: { attribute: false },
    project: { attribute: false },
    kind: { attribute: false },
    rows: { attribute: false },
    done: { state: true },
    results: { state: true },
  };

  constructor() {
    super();
    this.titleId = uniqueId('batch');
    this.done = null;
  }

  mayClose() {
    return this.done === null || this.results;
  }

  async run(rows) {
    const kind = KINDS[this.kind];
    this.rows = rows;
    this.results = null;
    this.done = 0;
    const results = await runAll(rows, kind.work(this.app.api, this.project), (done) => (this.done = done));
    const failed = results.filter(({ error }) => error);
    this.emit('done', rows.map((row) => row.filename));
    if (failed.length === 0) {
      this.app.notify(`${plural(rows.length, 'token')} ${kind.done}.`);
      this.close();
    } else {
      this.results = results;
      await this.updateComplete;
      this.querySelector('h2').focus();
    }
  }

  render() {
    return html`<dialog aria-labelledby=${this.titleId}>
      ${this.results ? this.report() : this.done === null ? this.question() : this.progress()}
    </dialog>`;
  }

  question() {
    const kind = KINDS[this.kind];
    return html`
      <h2 id=${this.titleId}>${kind.title(this.rows.length)}</h2>
      <p>${kind.text}</p>
      ${names(this.rows.map((row) => html`${row.filename}`))}
      <div class="buttons">
        <button autofocus @click=${() => this.close()}>Cancel</button>
        <button class=${this.kind === 'delete' ? 'danger solid' : 'primary'} @click=${() => this.run(this.rows)}>${kind.button}</button>
      </div>`;
  }

  progress() {
    return html`
      <h2 id=${this.titleId}>${KINDS[this.kind].running}…</h2>
      <p role="status">${count(this.done)} of ${count(this.rows.length)}</p>
      <progress class="wide" .value=${this.done} max=${this.rows.length} aria-label=${KINDS[this.kind].running}></progress>`;
  }

  report() {
    const failed = this.results.filter(({ error }) => error);
    // What was refused as it stands would be refused again; trouble of the server's passes.
    const again = failed.filter(({ error }) => !(error.status >= 400 && error.status < 429)).map(({ item }) => item);
    const well = this.results.length - failed.length;
    return html`
      <h2 id=${this.titleId} tabindex="-1">${plural(failed.length, 'token')} couldn’t be ${KINDS[this.kind].done}</h2>
      <p role="status">${well > 0 ? `${plural(well, 'other')} ${well === 1 ? 'was' : 'were'} ${KINDS[this.kind].done}.` : nothing}</p>
      ${names(failed.map(({ item, error }) => html`${item.filename} <span class="why">${reason(error)}</span>`))}
      <div class="buttons"><button class="primary" @click=${() => this.close()}>Close</button>
        ${again.length > 0 ? html`<button @click=${() => this.run(again)}>Retry failed</button>` : nothing}</div>`;
  }
}

function reason(error) {
  return error.status === 412 ? 'It was changed or removed since it was selected.' : error.message;
}

function names(items) {
  return html`<ul class="names">${items.slice(0, SHOWN).map((item) => html`<li>${item}</li>`)}
    ${items.length > SHOWN ? html`<li class="quiet">and ${count(items.length - SHOWN)} more</li>` : nothing}</ul>`;
}

customElements.define('tc-batch-dialog', BatchDialog);
