// All projects, the cache's figures, and how the watcher does.
import { PageElement, html, nothing } from './element.js';
import { plus } from './icons.js';
import { ago, count, decimal, plural, span } from './format.js';
import { addSample, sample } from './stat-plots.js';
import './add-dialog.js';
import './clear-dialog.js';

const LOOK = 2_000;
const AFTER_CHANGE = 400;
const MODES = {
  true: 'The system tells of changes at once, and scans find what it doesn’t tell.',
  false: 'Scans alone find changes: the system’s notifications are off, or can’t be had here.',
};

class Overview extends PageElement {
  static properties = {
    app: { attribute: false },
    projects: { state: true },
    stats: { state: true },
    error: { state: true },
    adding: { state: true },
    clearing: { state: true },
    round: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.onChanges = () => (this.soon ??= setTimeout(() => this.loadProjects(), AFTER_CHANGE));
    this.app.feed.addEventListener('changes', this.onChanges);
    this.timer = setInterval(() => document.visibilityState === 'visible' && this.look(), LOOK);
    this.app.feed.ready.then(() => this.isConnected && this.look());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.app.feed.removeEventListener('changes', this.onChanges);
    clearInterval(this.timer);
    clearTimeout(this.soon);
  }

  async look() {
    if (this.looking) {
      return;
    }
    this.looking = true;
    await Promise.all([this.loadProjects(), this.loadStats()]);
    this.looking = false;
  }

  async loadProjects() {
    clearTimeout(this.soon);
    this.soon = undefined;
    if (this.app.session.may('tokens:list')) {
      try {
        this.projects = (await this.app.api.projects()).projects;
        this.error = null;
      } catch (e) {
        this.error = e;
      }
    }
  }

  async loadStats() {
    if (!this.app.session.may('stats:read')) {
      return;
    }
    try {
      const now = { ...(await this.app.api.stats()), at: Date.now() };
      addSample(this.app.samples, sample(this.stats, now));
      this.stats = now;
    } catch (e) {
      this.error ??= e;
    }
  }

  render() {
    const { session } = this.app;
    return html`
      <div class="heading">
        <h1 tabindex="-1">Overview</h1>
        ${session.may('cache:admin', '*')
          ? html`<button @click=${() => (this.clearing = true)}>Clear cache…</button>`
          : nothing}
        ${session.may('tokens:write')
          ? html`<button class="primary" @click=${() => (this.adding = true)}>${plus} Add token</button>`
          : nothing}
      </div>
      ${this.error ? html`<p class="note bad" role="alert">${this.error.message} Trying again.</p>` : nothing}
      ${session.may('stats:read')
        ? html`<section aria-labelledby="cache-title"><h2 id="cache-title">Cache</h2>
            <tc-plots .samples=${this.app.samples} .round=${this.stats?.at}></tc-plots>
            ${this.watcher()}</section>`
        : nothing}
      <section aria-labelledby="projects-title"><h2 id="projects-title">Projects</h2>${this.list()}</section>
      ${this.adding
        ? html`<tc-add-dialog .app=${this.app} .project=${null} @closed=${() => (this.adding = false)}
            @added=${() => this.loadProjects()}></tc-add-dialog>`
        : nothing}
      ${this.clearing
        ? html`<tc-clear-dialog .app=${this.app} @closed=${() => (this.clearing = false)}
            @cleared=${() => this.look()}></tc-clear-dialog>`
        : nothing}`;
  }

  watcher() {
    const cache = this.stats?.cache;
    if (!cache) {
      return html`<p class="watch quiet">Reading the statistics…</p>`;
    }
    const { isWatching, scanned, interval, scanTime, errors, root } = cache.watch;
    return html`<p class="watch">
      ${root
        ? html`<span class="badge bad">root: ${root}</span>`
        : isWatching && !scanned
          ? html`<span class="badge amber">first scan under way</span>`
          : html`<span class="badge ${isWatching ? 'good' : 'amber'}">${isWatching ? 'watching' : 'not watching'}</span>`}
      <span>every ${interval < 1000 ? `${interval} ms` : span(interval)}</span>
      <span>last scan took ${decimal(scanTime)} ms</span>
      <span class=${errors > 0 ? 'warn' : ''}>${plural(errors, 'scan error')}</span>
      <span>${plural(cache.cachedTokens, 'token')} in memory</span>
      <span>${plural(cache.evictions, 'eviction')}</span>
      <span>${plural(cache.loadFailures, 'failed load')}</span>
    </p>`;
  }

  list() {
    if (!this.app.session.may('tokens:list')) {
      return html`<p class="card empty">Your token may not list projects: it lacks <code>tokens:list</code>.</p>`;
    }
    if (!this.projects) {
      return html`<div class="card empty" aria-busy="true">${this.error ? 'Not loaded.' : 'Loading projects…'}</div>`;
    }
    if (this.projects.length === 0) {
      return html`<div class="card empty"><strong>No projects yet.</strong>
        A project is a directory of token files; it appears here as soon as it is there.</div>`;
    }
    const watched = this.app.session.may('stats:read');
    const heads = ['Tokens', 'In memory', 'Invalid', 'Expired', 'Expiring'];
    return html`<div class="card projects"><table>
      <thead><tr><th scope="col">Project</th>
        ${heads.map((title) => html`<th scope="col" class="number">${title}</th>`)}
        ${watched ? html`<th scope="col">Watcher</th><th scope="col">Last scan</th><th scope="col" class="number">Took</th>` : nothing}</tr></thead>
      <tbody>${this.projects.map((project) => this.project(project, watched))}</tbody>
    </table></div>`;
  }

  project(project, watched) {
    const cell = (title, value, kind) => html`<td class="number ${value > 0 ? kind : ''}" data-title=${title}>${count(value)}</td>`;
    return html`<tr>
      <th scope="row"><button class="name" @click=${() => this.emit('opened', project.name)}>${project.name}</button></th>
      ${cell('Tokens', project.tokens, '')} ${cell('In memory', project.cachedTokens, '')}
      ${cell('Invalid', project.invalidFiles, 'bad')} ${cell('Expired', project.expiredTokens, 'warn')}
      ${cell('Expiring', project.expiringTokens, 'warn')}
      ${watched ? this.watch(this.stats?.stats[project.name]) : nothing}
    </tr>`;
  }

  watch(stats) {
    if (!stats) {
      return html`<td data-title="Watcher">–</td><td data-title="Last scan">–</td><td data-title="Took">–</td>`;
    }
    const errors = stats.scanErrors > 0 ? html` <span class="warn">${plural(stats.scanErrors, 'error')}</span>` : nothing;
    return html`<td data-title="Watcher">${stats.error
      ? html`<span class="badge bad">${stats.error}</span>`
      : html`<span class="badge ${stats.isWatching ? 'good' : 'dim'}" title=${stats.isWatching ? MODES[stats.hints] : ''}>
          ${stats.isWatching ? (stats.hints ? 'notified' : 'polling') : 'not seen yet'}</span>`}${errors}</td>
      <td data-title="Last scan">${stats.lastScan === 0 ? 'never' : ago(stats.lastScan)}</td>
      <td class="number" data-title="Took">${stats.lastScan === 0 ? '–' : `${decimal(stats.scanTime)} ms`}</td>`;
  }
}

customElements.define('tc-overview', Overview);
