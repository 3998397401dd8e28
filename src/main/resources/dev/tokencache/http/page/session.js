// The bearer token of this tab. It is kept in the tab's session storage and nowhere else.

const KEY = 'token-cache.jwt';

/** What a bearer token says of itself. Nothing here is verified: that is the server's business, at every request. */
export class Session {
  constructor(token) {
    const claims = decode(token);
    this.token = token;
    this.subject = typeof claims.sub === 'string' ? claims.sub : '';
    this.scopes = new Set(typeof claims.scope === 'string' ? claims.scope.split(' ').filter(Boolean) : []);
    this.projects = Array.isArray(claims.projects) ? claims.projects.filter((name) => typeof name === 'string') : [];
    this.allProjects = this.projects.includes('*');
    this.expiresAt = typeof claims.exp === 'number' ? claims.exp * 1000 : null;
  }

  /** Whether to offer what needs this scope, on this project if one is named. */
  may(scope, project) {
    return this.scopes.has(scope) && (project === undefined || this.allProjects || this.projects.includes(project));
  }
}

/** Throws a TypeError for what is no JWT. */
function decode(token) {
  const parts = token.split('.');
  if (parts.length !== 3) {
    throw new TypeError('not a JWT');
  }
  try {
    const bytes = Uint8Array.from(atob(parts[1].replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (claims === null || typeof claims !== 'object') {
      throw new TypeError('not claims');
    }
    return claims;
  } catch {
    throw new TypeError('not a JWT');
  }
}

/** The session of this tab, or null. */
export function restore() {
  const token = sessionStorage.getItem(KEY);
  try {
    return token === null ? null : new Session(token);
  } catch {
    forget();
    return null;
  }
}

export function keep(session) {
  sessionStorage.setItem(KEY, session.token);
}

export function forget() {
  sessionStorage.removeItem(KEY);
}
