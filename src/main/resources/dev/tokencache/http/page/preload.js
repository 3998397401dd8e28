// Loads a project into memory, says how far it is, and what could not be loaded; that can be tried again.
import { DialogElement, PageElement, html, nothing, uniqueId } from './element.js';
import { count, maskName, plural } from './format.js';

const PROGRESS = 500;
const SHOWN = 100;

class Preload extends PageElement {
  static properties = {
    app: { attribute: false },
    project: { attribute: false },
    total: { attribute: false },
    masked: { type: Boolean },
    running: { state: true },
    report: { state: true },
  };

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  async look() {
    const { projects } = await this.app.api.projects().catch(() => ({ projects: [] }));
    const mine = projects.find(({ name }) => name === this.project);
    if (this.running && mine) {
      this.running = { done: mine.cachedTokens, of: mine.tokens };
    }
  }

  /** What is in memory already costs nothing: a second run is about those that failed, and those that came since. */
  async run() {
    const before = this.report?.failed ?? [];
    this.running = { done: 0, of: this.total };
    this.timer = setInterval(() => this.look(), PROGRESS);
    try {
      const { loaded, failed } = await this.app.api.preload(this.project);
      this.emit('loaded');
      if (failed.length > 0) {
        const still = new Set(failed.map(({ filename }) => filename));
        this.report = { loaded, failed, mended: before.filter(({ filename }) => !still.has(filename)).length, again: before.length > 0 };
      } else {
        this.report = null;
        this.app.notify(`${plural(loaded, 'token')} loaded into memory.`);
      }
    } catch (e) {
      if (this.report) {
        this.report = { ...this.report, error: e.message };
      } else {
        this.app.notify(e.message, 'bad');
      }
    } finally {
      clearInterval(this.timer);
      this.running = null;
    }
  }

  render() {
    return html`${this.running && !this.report
      ? html`<span class="progress" role="status">Loading ${count(this.running.done)} of ${count(this.running.of)}
          <progress .value=${this.running.done ?? 0} max=${this.running.of || 1} aria-label="Preload"></progress></span>`
      : html`<button @click=${() => this.run()}>Preload</button>`}
      ${this.report
        ? html`<tc-preload-report .report=${this.report} .running=${this.running} ?masked=${this.masked}
            @again=${() => this.run()} @closed=${() => (this.report = null)}></tc-preload-report>`
        : nothing}`;
  }
}

class PreloadReport extends DialogElement {
  static properties = {
    report: { attribute: false },
    running: { attribute: false },
    masked: { type: Boolean },
  };

  constructor() {
    super();
    this.titleId = uniqueId('preload');
  }

  mayClose() {
    return !this.running;
  }

  render() {
    const { loaded, failed, mended, again, error } = this.report;
    const more = failed.length - SHOWN;
    return html`<dialog aria-labelledby=${this.titleId}>
      <h2 id=${this.titleId}>${plural(failed.length, 'token')} couldn’t be loaded</h2>
      <p role="status">${this.running ? `Loading ${count(this.running.done)} of ${count(this.running.of)}…` : html`
        ${plural(loaded, 'token')} ${loaded === 1 ? 'is' : 'are'} in memory.
        ${again ? `Of those that failed before ${count(mended)} could be loaded now.` : nothing}`}</p>
      ${error ? html`<p class="note bad" role="alert">${error}</p>` : nothing}
      <ul class="names tall" tabindex="0" aria-label="Not loaded">${failed.slice(0, SHOWN).map(({ filename, reason }) => html`<li>
        ${this.masked ? maskName(filename) : filename} <span class="why">${reason}</span></li>`)}
        ${more > 0 ? html`<li class="quiet">and ${count(more)} more</li>` : nothing}</ul>
      <div class="buttons">
        <button autofocus ?disabled=${!!this.running} @click=${() => this.close()}>Close</button>
        <button class="primary" ?disabled=${!!this.running} @click=${() => this.emit('again')}>Retry failed</button>
      </div>
    </dialog>`;
  }
}

customElements.define('tc-preload', Preload);
customElements.define('tc-preload-report', PreloadReport);
