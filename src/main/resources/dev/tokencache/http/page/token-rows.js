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
    this.stopReading?.abort();
    this.stopReading = new AbortController();
    this.rows = [];
    this.view = [];
    this.cursor = undefined;
    this.loading = false;
    this.loadingAll = false;
    this.error = null;
    this.unknown = 0;
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
  async loadMore(most = this.cursor === undefined ? FIRST_PAGE : PAGE) {
    if (this.loading || this.complete) {
      return;
    }
    const { signal } = this.stopReading;
    this.loading = true;
    this.error = null;
    this.changed();
    try {
      const wanted = this.rows.length + 1;
      do {
        const page = await this.api.page(this.project, { ...this.filters, limit: most, cursor: this.cursor }, signal);
        if (signal.aborted) {
          return;
        }
        this.rows = this.rows.concat(seen(page.tokens));
        this.cursor = page.cursor;
        this.unknown += page.unknown;
        this.changed();
      } while (!this.complete && this.rows.length < wanted);
    } catch (e) {
      if (signal.aborted) {
        return;
      }
      this.error = e;
    }
    this.loading = false;
    this.changed();
  }

  async loadAll() {
    const { signal } = this.stopReading;
    this.loadingAll = true;
    while (!signal.aborted && this.loadingAll && !this.complete && !this.error) {
      await this.loadMore();
    }
    if (!signal.aborted) {
      this.loadingAll = false;
      this.changed();
    }
  }

  stopLoadingAll() {
    this.loadingAll = false;
  }

  /** Reads again what was loaded, and replaces it in one go when all of it is there. */
  async reload() {
    const wanted = Math.max(this.rows.length, 1);
    this.stopReading.abort();
    this.stopReading = new AbortController();
    const { signal } = this.stopReading;
    this.loading = true;
    let rows = [];
    let unknown = 0;
    let cursor;
    try {
      do {
        const limit = Math.min(PAGE, Math.max(FIRST_PAGE, wanted - rows.length));
        const page = await this.api.page(this.project, { ...this.filters, limit, cursor }, signal);
        rows = rows.concat(seen(page.tokens));
        unknown += page.unknown;
        cursor = page.cursor;
      } while (cursor !== null && rows.length < wanted && !signal.aborted);
      if (signal.aborted) {
        return;
      }
      Object.assign(this, { rows, cursor, unknown, error: null });
    } catch (e) {
      if (signal.aborted) {
        return;
      }
      this.error = e;
    }
    this.loading = false;
    this.changed();
  }

  /** Asks anew for tokens that have changed. */
  async refresh(names) {
    const affected = names.filter((name) => this.isLoaded(name));
    if (this.loading || affected.length > MOST_SINGLE) {
      await this.reload();
      return;
    }
    const { signal } = this.stopReading;
    try {
      await Promise.all(affected.map((name) => this.refreshOne(name, signal)));
    } catch (e) {
      if (!signal.aborted) {
        this.error = e;
      }
    }
    if (affected.length > 0 && !signal.aborted) {
      this.changed();
    }
  }

  /** Whether a token of that name would be among those loaded. */
  isLoaded(name) {
    return this.complete || (this.rows.length > 0 && name <= this.rows.at(-1).filename);
  }

  async refreshOne(name, signal) {
    if (!name.startsWith(this.filters.prefix ?? '')) {
      return;
    }
    // Of all names that start so, it is the first itself.
    const page = await this.api.page(this.project, { ...this.filters, prefix: name, limit: 1 }, signal);
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

/** Ages count from when they were told. */
function seen(tokens) {
  const now = Date.now();
  tokens.forEach((token) => (token.seen = now));
  return tokens;
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
