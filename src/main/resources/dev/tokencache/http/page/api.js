// The REST interface, as far as the page uses it. Only names of projects and files get into a URL.

const BASE = new URL('./api/v0/', document.baseURI);
const PROJECT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FILENAME = /^[A-Za-z0-9_][A-Za-z0-9._@+-]*\.json$/;

export const isProjectName = (name) => PROJECT.test(name) && !name.includes('..');
export const isFilename = (name) => FILENAME.test(name) && !name.includes('..') && name.length <= 255;

/** A refusal of the server, or status 0 when it can't be reached. The message is a sentence for people. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class Api {
  /** `onUnauthorized` is called when the server no longer accepts the token. */
  constructor(token, onUnauthorized = () => {}) {
    this.bearer = token;
    this.onUnauthorized = onUnauthorized;
  }

  /** The response, whose body isn't read yet; fails with an ApiError unless it is a success. */
  async send(method, path, { query, type, body, headers = {}, signal } = {}) {
    const url = new URL(path, BASE);
    Object.entries(query ?? {}).forEach(([name, value]) => {
      if (value !== undefined && value !== null && value !== '') {
        url.searchParams.set(name, value);
      }
    });
    let response;
    try {
      response = await fetch(url, {
        method,
        body,
        signal,
        headers: { authorization: `Bearer ${this.bearer}`, ...(type ? { 'content-type': type } : {}), ...headers },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
    } catch (e) {
      if (signal?.aborted) {
        throw e;
      }
      throw new ApiError(0, 'unreachable', 'The server can’t be reached.');
    }
    if (response.ok) {
      return response;
    }
    if (response.status === 401) {
      this.onUnauthorized();
    }
    throw await refusal(response);
  }

  async get(path, query, signal) {
    return (await this.send('GET', path, { query, signal })).json();
  }

  async post(path, body) {
    const response = await this.send('POST', path, { type: 'application/json', body: JSON.stringify(body) });
    return response.json();
  }

  projects() {
    return this.get('management/projects/list');
  }

  stats() {
    return this.get('management/cache/stats');
  }

  /** A page of metadata. */
  page(project, query, signal) {
    return this.get(`tokens/${project}`, query, signal);
  }

  /** The file's text and its entity tag. */
  async token(project, filename) {
    const response = await this.send('GET', tokenPath(project, filename));
    return { text: await response.text(), etag: response.headers.get('etag') };
  }

  add(project, type, data) {
    return this.post('management/tokens/add', { project, type, data });
  }

  /** Stores a file that must not be there yet. */
  create(project, filename, content) {
    const headers = { 'if-none-match': '*' };
    return this.send('PUT', tokenPath(project, filename), { type: 'application/json', body: content, headers });
  }

  async patch(project, filename, patch, etag) {
    const response = await this.send('PATCH', tokenPath(project, filename), {
      type: 'application/merge-patch+json',
      body: patch,
      headers: { 'if-match': etag },
    });
    return { text: await response.text(), etag: response.headers.get('etag') };
  }

  /** Deletes the version of that tag; whatever is there without one. */
  delete(project, filename, etag) {
    const headers = etag ? { 'if-match': `"${etag}"` } : {};
    return this.send('DELETE', tokenPath(project, filename), { headers });
  }

  invalidate(project, filename) {
    return this.post('management/cache/invalidate', filename ? { project, filename } : { project });
  }

  /** Drops everything from memory, of all projects. */
  clear() {
    return this.post('management/cache/clear', {});
  }

  preload(project) {
    return this.post('management/cache/preload', { project });
  }
}

/** The server takes a path in one spelling only: nothing in it is escaped that need not be. */
function tokenPath(project, filename) {
  if (!isProjectName(project) || !isFilename(filename)) {
    throw new ApiError(400, 'invalid_name', 'This name isn’t allowed.');
  }
  return `tokens/${project}/${filename}`;
}

async function refusal(response) {
  try {
    const { error, message } = await response.json();
    return new ApiError(response.status, String(error), String(message));
  } catch {
    return new ApiError(response.status, 'unknown', `The server answered with status ${response.status}.`);
  }
}
