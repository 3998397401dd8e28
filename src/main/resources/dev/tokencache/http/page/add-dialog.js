// Adds tokens: a session, an account with a password, a file that is pasted, or files that are dropped.
import { DialogElement, html, nothing, uniqueId } from './element.js';
import { isFilename, isProjectName } from './api.js';
import { runAll } from './batch.js';
import { parseObject } from './json-text.js';
import { count, plural } from './format.js';

const WAYS = { session: 'Session', password: 'Account', paste: 'Paste a file', files: 'Files' };
const MOST_FILES = 500;

class AddDialog extends DialogElement {
  static properties = {
    app: { attribute: false },
    project: { attribute: false },
    way: { state: true },
    error: { state: true },
    busy: { state: true },
    results: { state: true },
    over: { state: true },
  };

  constructor() {
    super();
    this.titleId = uniqueId('add');
    this.way = 'session';
  }

  mayClose() {
    return !this.busy;
  }

  /** The name of the project, once it is allowed; else says what is wrong. */
  target() {
    const name = this.project ?? this.querySelector('[name=project]').value.trim();
    if (!isProjectName(name)) {
      this.error = 'A project’s name has letters, digits and . _ - and starts with a letter or digit.';
      return null;
    }
    if (!this.app.session.may('tokens:write', name)) {
      this.error = 'Your token doesn’t grant writing to this project.';
      return null;
    }
    return name;
  }

  async submit(event) {
    event.preventDefault();
    this.error = null;
    const project = this.target();
    if (project) {
      this.busy = true;
      try {
        const filename = await (this.way === 'paste' ? this.paste(project) : this.account(project));
        this.emit('added', filename);
        this.app.notify(`Added ${filename}.`);
        this.busy = false;
        this.close();
      } catch (e) {
        this.error = e.status === 412 ? 'There is a token of this name already.' : e.message;
      }
      this.busy = false;
    }
  }

  async account(project) {
    const values = new FormData(this.querySelector('form'));
    const data = {};
    for (const name of ['email', 'mobile', 'password', 'token', 'device_id']) {
      if (values.get(name)) {
        data[name] = values.get(name);
      }
    }
    if (this.way === 'password' && !data.email && !data.mobile) {
      throw new TypeError('An account needs an e-mail or a mobile number.');
    }
    return (await this.app.api.add(project, this.way, data)).filename;
  }

  async paste(project) {
    const values = new FormData(this.querySelector('form'));
    const filename = named(values.get('filename').trim());
    if (!isFilename(filename)) {
      throw new TypeError('A file’s name has letters, digits and . _ @ + - and ends with .json.');
    }
    const { error } = parseObject(values.get('content'));
    if (error) {
      throw new TypeError(error);
    }
    await this.app.api.create(project, filename, values.get('content'));
    return filename;
  }

  async take(files) {
    this.error = null;
    const project = this.target();
    if (!project || files.length === 0) {
      return;
    }
    if (files.length > MOST_FILES) {
      this.error = `At most ${count(MOST_FILES)} files at once.`;
      return;
    }
    this.busy = true;
    this.results = await runAll([...files], async (file) => {
      if (!isFilename(file.name)) {
        throw new TypeError('This name isn’t allowed.');
      }
      await this.app.api.create(project, file.name, file);
      this.emit('added', file.name);
    });
    this.busy = false;
  }

  drop(event) {
    event.preventDefault();
    this.over = false;
    this.take(event.dataTransfer.files);
  }

  choose(way) {
    Object.assign(this, { way, error: null, results: null });
  }

  render() {
    return html`<dialog aria-labelledby=${this.titleId}>
      <h2 id=${this.titleId}>Add ${this.project ? html`to ${this.project}` : 'a token'}</h2>
      <form @submit=${this.submit} autocomplete="off">
        <fieldset class="tabs"><legend class="unseen">What to add</legend>
          ${Object.entries(WAYS).map(([way, title]) => html`<label><input type="radio" name="way" value=${way}
            .checked=${this.way === way} @change=${() => this.choose(way)}><span>${title}</span></label>`)}
        </fieldset>
        ${this.project ? nothing : field('project', 'Project', { required: true, hint: 'It is made if there is none.' })}
        ${this.fields()}
        <p class="field-error" role="alert">${this.error}</p>
        <div class="buttons">
          <button type="button" ?disabled=${this.busy} @click=${() => this.close()}>${this.results ? 'Close' : 'Cancel'}</button>
          ${this.way === 'files' ? nothing : html`<button class="primary" ?disabled=${this.busy}>${this.busy ? 'Adding…' : 'Add'}</button>`}
        </div>
      </form>
    </dialog>`;
  }

  fields() {
    switch (this.way) {
      case 'session':
        return html`${field('token', 'Token', { required: true, secret: true })} ${field('device_id', 'Device id (optional)')}`;
      case 'password':
        return html`<div class="pair">${field('email', 'E-mail')} ${field('mobile', 'or mobile')}</div>
          ${field('password', 'Password', { required: true, secret: true })}
          <div class="pair">${field('token', 'Token (optional)', { secret: true })} ${field('device_id', 'Device id (optional)')}</div>`;
      case 'paste':
        return html`${field('filename', 'File name', { required: true, hint: 'Ends with .json. An existing file is never replaced.' })}
          <label class="field">Content<textarea name="content" rows="9" required spellcheck="false" class="code"></textarea></label>`;
      default:
        return this.dropZone();
    }
  }

  dropZone() {
    return html`
      <label class="drop ${this.over ? 'over' : ''}" @drop=${this.drop} @dragleave=${() => (this.over = false)}
        @dragover=${(event) => {
          event.preventDefault();
          this.over = true;
        }}>
        <strong>Drop files here</strong><span class="quiet">or choose them. Existing files are never replaced.</span>
        <input type="file" multiple accept=".json,application/json" ?disabled=${this.busy}
          @change=${(event) => this.take(event.target.files)}>
      </label>
      <div role="status">${this.busy ? 'Storing…' : this.results ? this.report() : nothing}</div>`;
  }

  report() {
    const failed = this.results.filter(({ error }) => error).length;
    return html`<p><strong>${plural(this.results.length - failed, 'file')} added${failed ? `, ${count(failed)} not` : ''}.</strong></p>
      <ul class="names tall">${this.results.map(({ item, error }) => html`<li>
        <span class="badge ${error ? 'bad' : 'good'}">${error ? 'not added' : 'added'}</span> ${item.name}
        ${error ? html`<span class="why">${error.status === 412 ? 'There is one of this name already.' : error.message}</span>` : nothing}
      </li>`)}</ul>`;
  }
}

const named = (text) => (text === '' || text.endsWith('.json') ? text : `${text}.json`);

function field(name, title, { required = false, secret = false, hint } = {}) {
  return html`<label class="field">${title}<input name=${name} type=${secret ? 'password' : 'text'} ?required=${required}
    autocomplete=${secret ? 'new-password' : 'off'} spellcheck="false">${hint ? html`<span class="hint">${hint}</span>` : nothing}</label>`;
}

customElements.define('tc-add-dialog', AddDialog);
