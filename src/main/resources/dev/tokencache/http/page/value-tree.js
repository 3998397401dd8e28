// The members of a token. Each value is masked, in a mask that tells nothing of its length, until one asks for it.
import { PageElement, html, nothing } from './element.js';
import { copy, eye } from './icons.js';
import { isObject } from './json-text.js';

const MASK = '••••••••';

class ValueTree extends PageElement {
  static properties = { value: { attribute: false }, all: { type: Boolean }, shown: { state: true }, notify: { attribute: false } };

  constructor() {
    super();
    this.shown = new Set();
  }

  willUpdate(changed) {
    if (changed.has('value') || changed.has('all')) {
      this.shown = new Set();
    }
  }

  toggle(place) {
    this.shown = new Set(this.shown);
    if (!this.shown.delete(place)) {
      this.shown.add(place);
    }
  }

  async copy(value) {
    try {
      await navigator.clipboard.writeText(text(value));
      this.notify('Copied.');
    } catch {
      this.notify('The browser doesn’t allow copying here.', 'bad');
    }
  }

  render() {
    return Object.keys(this.value).length === 0
      ? html`<p class="quiet">It has no members.</p>`
      : html`<dl class="values">${this.members(this.value, [])}</dl>`;
  }

  members(object, path) {
    return Object.entries(object).map(([name, value]) => this.member([...path, name], name, value));
  }

  member(path, name, value) {
    if (isObject(value) && Object.keys(value).length > 0) {
      return html`<div class="member"><dt>${name}</dt><dd class="inner"><dl class="values">${this.members(value, path)}</dl></dd></div>`;
    }
    const place = JSON.stringify(path);
    const visible = this.all || this.shown.has(place);
    return html`<div class="member"><dt>${name}</dt><dd>
      <code class=${visible ? '' : 'mask'}>${visible ? text(value) : MASK}</code>
      <span class="tools">
        ${this.all
          ? nothing
          : html`<button class="plain" aria-label="${visible ? 'Hide' : 'Show'} ${name}" aria-pressed=${visible}
              @click=${() => this.toggle(place)}>${eye}</button>`}
        <button class="plain" aria-label="Copy ${name}" @click=${() => this.copy(value)}>${copy}</button>
      </span></dd></div>`;
  }
}

const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

customElements.define('tc-value-tree', ValueTree);
