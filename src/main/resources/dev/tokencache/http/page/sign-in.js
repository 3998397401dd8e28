// Where one gives the bearer token.
import { PageElement, html, nothing } from './element.js';
import { Api } from './api.js';
import { Session } from './session.js';

class SignIn extends PageElement {
  static properties = { reason: { attribute: false }, error: { state: true }, busy: { state: true } };

  firstUpdated() {
    this.querySelector('input').focus();
  }

  async submit(event) {
    event.preventDefault();
    const input = this.querySelector('input');
    this.error = null;
    this.busy = true;
    try {
      const session = new Session(input.value.trim());
      await accepted(session);
      this.emit('signed-in', session);
    } catch (e) {
      this.error = sentence(e);
      await this.updateComplete;
      input.focus();
      input.select();
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`
      <main class="sign-in">
        <form @submit=${this.submit} novalidate>
          <img src="./page/icon.svg" alt="" width="40" height="40">
          <h1>Token Cache</h1>
          <p class="quiet">Sign in with a bearer token of this server.</p>
          ${this.reason ? html`<p class="note" role="status">${this.reason}</p>` : nothing}
          <label for="jwt">Bearer token (JWT)</label>
          <input id="jwt" type="password" autocomplete="off" spellcheck="false" required
            aria-describedby="jwt-help jwt-error" aria-invalid=${this.error ? 'true' : 'false'}>
          <p id="jwt-error" class="field-error" role="alert">${this.error}</p>
          <button class="primary wide" ?disabled=${this.busy}>${this.busy ? 'Signing in…' : 'Sign in'}</button>
          <p id="jwt-help" class="hint">
            The first start writes one for everything to <code>state/admin.jwt</code>; the command <code>issue</code> makes
            others. It stays in this tab and is gone when the tab is closed.
          </p>
        </form>
      </main>`;
  }
}

/** Fails unless the server takes the token, for whatever: the answer 403 says so too. */
async function accepted(session) {
  const api = new Api(session.token);
  try {
    await (session.may('stats:read') && !session.may('tokens:list') ? api.stats() : api.projects());
  } catch (e) {
    if (e.status !== 403) {
      throw e;
    }
  }
}

function sentence(e) {
  if (e instanceof TypeError) {
    return 'This isn’t a JWT: it would have three parts with dots between them.';
  }
  switch (e.status) {
    case 401:
      return 'The server doesn’t accept this token: it may have expired, or be another server’s.';
    case 429:
      return 'Too many wrong tokens from your address. Wait a minute, then try again.';
    default:
      return e.message;
  }
}

customElements.define('tc-sign-in', SignIn);
