// The stream of changes: Server-Sent Events over fetch, since EventSource can't send a bearer token.

const FIRST_DELAY = 500;
const LONGEST_DELAY = 10_000;
/** The server sends something at least every 15 s. */
const SILENCE = 40_000;
const READY_WAIT = 1_500;

/**
 * Follows the changes, and goes on where it stopped after a break. `state` is `connecting`, `live`, `lost` or `off`;
 * listeners of `state` and of `changes` (`{event, project, filename}`, or `{event: 'reset'}`) are told.
 */
export class EventFeed extends EventTarget {
  constructor(api) {
    super();
    this.api = api;
    this.state = 'off';
    this.lastId = null;
    this.stopped = true;
    /** Resolves when what is read from now on can't miss a change, or when that can't be told soon. */
    this.ready = new Promise((resolve) => (this.nowReady = resolve));
  }

  start() {
    this.stopped = false;
    this.wake = () => document.visibilityState === 'visible' && this.skipDelay?.();
    window.addEventListener('online', this.wake);
    document.addEventListener('visibilitychange', this.wake);
    setTimeout(this.nowReady, READY_WAIT);
    this.run();
  }

  stop() {
    this.stopped = true;
    window.removeEventListener('online', this.wake);
    document.removeEventListener('visibilitychange', this.wake);
    this.abort?.abort();
    this.skipDelay?.();
  }

  enter(state) {
    if (this.state !== state) {
      this.state = state;
      this.dispatchEvent(new CustomEvent('state', { detail: state }));
    }
  }

  tell(change) {
    this.dispatchEvent(new CustomEvent('changes', { detail: change }));
  }

  async run() {
    let delay = FIRST_DELAY;
    this.enter('connecting');
    while (!this.stopped) {
      try {
        await this.follow(() => (delay = FIRST_DELAY));
      } catch (e) {
        if (e.status === 401 || e.status === 403) {
          this.stopped = true;
          this.nowReady();
          this.enter('off');
          return;
        }
      }
      if (this.stopped) {
        return;
      }
      this.enter('lost');
      await new Promise((resolve) => {
        this.skipDelay = resolve;
        setTimeout(resolve, delay * (0.75 + Math.random() / 2));
      });
      delay = Math.min(delay * 2, LONGEST_DELAY);
    }
  }

  async follow(onLive) {
    this.abort = new AbortController();
    let alarm;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => this.abort.abort(), SILENCE);
    };
    heard();
    try {
      const wasAt = this.lastId;
      const headers = wasAt === null ? {} : { 'last-event-id': wasAt };
      const response = await this.api.send('GET', 'events', { headers, signal: this.abort.signal });
      onLive();
      if (wasAt === null && this.state === 'lost') {
        this.tell({ event: 'reset' });
      }
      this.enter('live');
      let rest = '';
      for await (const text of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
        heard();
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        blocks.forEach((block) => this.take(block));
      }
    } finally {
      clearTimeout(alarm);
    }
  }

  take(block) {
    const fields = {};
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) {
        fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
      }
    }
    if (fields.id) {
      this.lastId = fields.id;
      this.nowReady();
    }
    if (fields.event) {
      this.tell({ event: fields.event, ...JSON.parse(fields.data ?? '{}') });
    }
  }
}

async function* chunks(stream) {
  const reader = stream.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    yield piece.value;
  }
}
