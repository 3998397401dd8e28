// The frame: who is signed in, which view is open, whether changes arrive, and what is to be said of actions.
import { PageElement, html, repeat } from './element.js';
import { Api, isProjectName } from './api.js';
import { EventFeed } from './events.js';
import { close } from './icons.js';
import { exact, span } from './format.js';
import { forget, keep, restore } from './session.js';
import './sign-in.js';
import './overview-view.js';
import './project-view.js';

const NOTICE_TIME = 6_000;
const STATES = { connecting: 'Connecting…', live: 'Live', lost: 'Connection lost, reconnecting…', off: 'Not live' };

class AppShell extends PageElement {
  static properties = {
    session: { state: true },
    project: { state: true },
    reason: { state: true },
    feedState: { state: true },
    notices: { state: true },
    now: { state: true },
  };

  constructor() {
    super();
    this.notices = [];
    this.project = null;
    this.now = Date.now();
    // The open view is in the history's state, so that no name is in the address.
    window.addEventListener('popstate', () => this.showState());
    document.addEventListener('click', (event) => this.closeCard(event));
    document.addEventListener('keydown', (event) => event.key === 'Escape' && this.closeCard());
    setInterval(() => this.tick(), 1000);
    const session = restore();
    if (session) {
      this.begin(session);
    }
    this.showState();
  }

  tick() {
    if (this.session?.expiresAt && this.session.expiresAt <= Date.now()) {
      this.end('Your token has expired.');
    } else if (document.visibilityState === 'visible') {
      this.now = Date.now();
    }
  }

  begin(session) {
    const api = new Api(session.token, () => this.end('The server no longer accepts your token.'));
    const feed = new EventFeed(api);
    this.session = session;
    this.reason = null;
    this.app = { session, api, feed, samples: [], notify: (text, kind) => this.notify(text, kind) };
    feed.addEventListener('state', (event) => (this.feedState = event.detail));
    this.feedState = feed.state;
    if (session.may('tokens:list')) {
      feed.start();
    } else {
      feed.nowReady();
    }
  }

  signIn(session) {
    keep(session);
    this.begin(session);
  }

  end(reason) {
    this.app?.feed.stop();
    forget();
    document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close());
    this.app = null;
    this.session = null;
    this.notices = [];
    this.reason = reason;
    this.open(null);
  }

  showState() {
    const name = history.state?.project;
    this.project = typeof name === 'string' && isProjectName(name) ? name : null;
  }

  async open(project) {
    if (project !== this.project) {
      history.pushState({ project }, '');
      this.showState();
      await new Promise(requestAnimationFrame);
      window.scrollTo(0, 0);
      this.querySelector('main h1')?.focus();
    }
  }

  notify(text, kind = 'done') {
    const notice = { text, kind };
    this.notices = [...this.notices.slice(-3), notice];
    if (kind === 'done') {
      setTimeout(() => this.dismiss(notice), NOTICE_TIME);
    }
  }

  dismiss(notice) {
    this.notices = this.notices.filter((other) => other !== notice);
  }

  /** Closes the card of who is signed in, unless the event is in it. */
  closeCard(event) {
    const card = this.querySelector('.who[open]');
    if (card && !card.contains(event?.target)) {
      card.open = false;
      if (!event) {
        card.querySelector('summary').focus();
      }
    }
  }

  render() {
    if (!this.session) {
      return html`<tc-sign-in .reason=${this.reason} @signed-in=${(event) => this.signIn(event.detail)}></tc-sign-in>`;
    }
    return html`
      ${this.header()}
      <main>${this.project === null
        ? html`<tc-overview .app=${this.app} @opened=${(event) => this.open(event.detail)}></tc-overview>`
        : repeat([this.project], (name) => name, (name) => html`
            <tc-project .app=${this.app} .project=${name} @left=${() => this.open(null)}></tc-project>`)}
      </main>
      <div class="notices" role="status" aria-live="polite">
        ${this.notices.map((notice) => html`<div class="notice ${notice.kind}">
          <span>${notice.text}</span>
          <button class="plain" aria-label="Dismiss" @click=${() => this.dismiss(notice)}>${close}</button>
        </div>`)}
      </div>`;
  }

  header() {
    return html`<header class="top">
      <button class="brand" @click=${() => this.open(null)}>
        <img src="./page/icon.svg" alt="" width="22" height="22">Token Cache</button>
      <span class="pill ${this.feedState}" role="status"><i></i>${STATES[this.feedState]}</span>
      ${this.who()}
    </header>`;
  }

  who() {
    const { subject, scopes, projects, allProjects, expiresAt } = this.session;
    return html`<details class="who">
      <summary><span>${subject || 'Signed in'}</span></summary>
      <div class="card">
        <dl>
          <dt>Subject</dt><dd>${subject || '–'}</dd>
          <dt>Scopes</dt><dd>${scopes.size === 0 ? 'none' : [...scopes].map((scope) => html`<code>${scope}</code> `)}</dd>
          <dt>Projects</dt><dd>${allProjects ? 'all' : projects.join(', ') || 'none'}</dd>
          <dt>Ends</dt><dd>${expiresAt ? html`in ${span(expiresAt - this.now)}<br><span class="quiet">${exact(expiresAt)}</span>` : '–'}</dd>
        </dl>
        <p class="hint">As the token says of itself; the server checks each request.</p>
        <button class="wide" @click=${() => this.end(null)}>Sign out</button>
      </div>
    </details>`;
  }
}

customElements.define('tc-app', AppShell);
