// What all components build on. They render into the document itself, not into shadow roots: one set of style sheets,
// and labels, descriptions and focus work across components.
import { LitElement } from 'lit';

export { html, nothing } from 'lit';
export { repeat } from 'lit-html/directives/repeat.js';

export class PageElement extends LitElement {
  createRenderRoot() {
    return this;
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: false }));
  }
}

/** A modal dialog: opens when it is rendered, emits `closed` when it is gone. Subclasses render `dialog()`. */
export class DialogElement extends PageElement {
  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog.addEventListener('close', () => this.emit('closed'));
    dialog.addEventListener('cancel', (event) => {
      if (!this.mayClose()) {
        event.preventDefault();
      }
    });
    dialog.showModal();
  }

  /** Whether Escape closes it now. */
  mayClose() {
    return true;
  }

  close() {
    this.querySelector('dialog').close();
  }
}

/** Names of elements that refer to each other have to be unique in the document. */
let count = 0;
export const uniqueId = (prefix) => `${prefix}-${++count}`;
