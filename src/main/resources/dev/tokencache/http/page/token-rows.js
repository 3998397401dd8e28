// The tokens of one project as far as they are loaded: in the server's order, which is that of names, page by page.

const FIRST_PAGE = 200;
const PAGE = 1_000;
/** More changes at once than this, and the pages are read again instead of each token. */
const MOST_SINGLE = 20;

/** What rows are compared by. */
const VALUES = {
  name: (row) => row.filename,
  size: (row) => row.size ?? -1,
  modified: (row) => time(row.modified),
  expires: (row) => time(row.expiresAt),
  cache: (row) => row.age ?? Infinity,
  state: (row) => rank(row),
};

export class TokenRows {
  /** `onChange` is called after each change; it reads the fields. */
  constructor(api, project, onChange) {
    this.api = api;
    this.project = project;
    this.onChange = onChange;
    this.filters = {};
    this.sort = { key: 'name', descending: false };
    this.clear();
  }

  clear() {
    this.reading?.stop.abort();
    this.reading = null;
    this.rows = [];
    this.view = [];
    this.cursor = undefined;
    this.loadingAll = false;
    this.error = null;
    this.unknown = 0;
    this.set = {}; // names what was read for: an answer for another one is too late
  }

  get loading() {
    return this.reading !== null;
  }

  /** Whether there is nothing more to load. */
  get complete() {
    return this.cursor === null;
  }

  /** Whether the order shown is that of all tokens, not just of those loaded. */
  get orderIsWhole() {
    return this.complete || (this.sort.key === 'name' && !this.sort.descending);
  }

  filter(filters) {
    this.filters = filters;
    this.clear();
    return this.loadMore();
  }

  sortBy(key) {
    this.sort = { key, descending: this.sort.key === key && !this.sort.descending };
    this.changed();
  }

  changed() {
    const { key, descending } = this.sort;
    if (key === 'name' && !descending) {
      this.view = this.rows;
    } else {
      const value = VALUES[key];
      const sign = descending ? -1 : 1;
      this.view = this.rows.slice().sort((a, b) => sign * (order(value(a), value(b)) || order(a.filename, b.filename)));
    }
    this.onChange();
  }

  /** Reads on until there is something to show or nothing follows: with filters a page may be empty. */
  loadMore(limit = this.cursor === undefined ? FIRST_PAGE : PAGE) {
    return this.loading || this.complete ? this.settled() : this.read((signal) => this.append(limit, signal));
  }

  /** Resolves when what is being read now has come, has failed or was given up; at once if nothing is. */
  settled() {
    return this.reading?.done ?? Promise.resolve();
  }

  /** Does what reads pages, and gives up what was being read. The promise never fails: `error` says so. */
  read(pages) {
    this.reading?.stop.abort();
    const reading = { stop: new AbortController() };
    const { signal } = reading.stop;
    const work = async () => {
      let error = null;
      try {
        await pages(signal);
      } catch (e) {
        error = e;
      }
      if (!signal.aborted) {
        this.reading = null;
        this.error = error;
        this.changed();
      }
    };
    this.reading = reading;
    this.error = null;
    this.changed();
    reading.done = work();
    return reading.done;
  }

  async append(limit, signal) {
    const wanted = this.rows.length + 1;
    do {
      const page = await this.page({ limit, cursor: this.cursor }, signal);
      this.rows = this.rows.concat(page.tokens);
      this.cursor = page.cursor;
      this.unknown += page.unknown;
      this.changed();
    } while (!this.complete && this.rows.length < wanted);
  }

  /** Ages count from when they were told. */
  async page(query, signal) {
    const page = await this.api.page(this.project, { ...this.filters, ...query }, signal);
    signal.throwIfAborted();
    const now = Date.now();
    page.tokens.forEach((token) => (token.seen = now));
    return page;
  }

  /** What is being read already, such as by the table that comes near its end, is waited for, not asked for twice. */
  async loadAll() {
    const { set } = this;
    this.loadingAll = true;
    this.error = null;
    this.changed();
    while (this.set === set && this.loadingAll && !this.complete && !this.error) {
      await (this.loading ? this.settled() : this.loadMore());
    }
    if (this.set === set) {
      this.loadingAll = false;
      this.changed();
    }
  }

  stopLoadingAll() {
    this.loadingAll = false;
  }

  /** Reads again what was loaded, and replaces it in one go when all of it is there. */
  reload() {
    const wanted = Math.max(this.rows.length, 1);
    return this.read(async (signal) => {
      const fresh = { rows: [], unknown: 0, cursor: undefined };
      do {
        const limit = Math.min(PAGE, Math.max(FIRST_PAGE, wanted - fresh.rows.length));
        const page = await this.page({ limit, cursor: fresh.cursor }, signal);
        fresh.rows = fresh.rows.concat(page.tokens);
        fresh.unknown += page.unknown;
        fresh.cursor = page.cursor;
      } while (fresh.cursor !== null && fresh.rows.length < wanted);
      Object.assign(this, fresh);
    });
  }

  /** Asks anew for tokens that have changed. */
  async refresh(names) {
    const { set } = this;
    await this.settled(); // what is being read may have been read before the change
    if (this.set !== set) {
      return;
    }
    const affected = names.filter((name) => this.isLoaded(name));
    if (affected.length > MOST_SINGLE) {
      await this.reload();
    } else if (affected.length > 0) {
      await this.refreshEach(affected);
    }
  }

  async refreshEach(names) {
    const { set } = this;
    let error = null;
    try {
      await Promise.all(names.map((name) => this.refreshOne(name)));
    } catch (e) {
      error = e;
    }
    if (this.set === set) {
      this.error = error ?? this.error;
      this.changed();
    }
  }

  /** Whether a token of that name would be among those loaded. */
  isLoaded(name) {
    return this.complete || (this.rows.length > 0 && name <= this.rows.at(-1).filename);
  }

  async refreshOne(name) {
    if (!name.startsWith(this.filters.prefix ?? '')) {
      return;
    }
    const { set } = this;
    // Of all names that start so, it is the first itself.
    const page = await this.api.page(this.project, { ...this.filters, prefix: name, limit: 1 });
    if (this.set !== set) {
      return;
    }
    const row = page.tokens.find((token) => token.filename === name);
    const i = lowerBound(this.rows, name);
    const known = this.rows[i]?.filename === name;
    const replacement = row ? [{ ...row, seen: Date.now(), fresh: Date.now() }] : [];
    this.rows = this.rows.slice();
    this.rows.splice(i, known ? 1 : 0, ...replacement);
  }
}

function lowerBound(rows, name) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].filename < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

const time = (text) => (text ? Date.parse(text) : Infinity);
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const rank = (row) => {
  if (row.valid === false) {
    return 0;
  }
  if (row.valid === null) {
    return 1;
  }
  return row.expiresAt && Date.parse(row.expiresAt) <= Date.now() ? 2 : 3;
};
