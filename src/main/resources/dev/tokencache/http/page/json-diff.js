// What differs between two JSON objects, and the merge patch (RFC 7396) that leads from one to the other.
import { isObject } from './json-text.js';

const own = Object.hasOwn;

export function same(a, b) {
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => own(b, name) && same(a[name], b[name]));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  return !isObject(a) && !isObject(b) && JSON.stringify(a) === JSON.stringify(b);
}

/** The members that differ, `{path, kind, from, to}`; objects are gone through, lists are compared as a whole. */
export function changes(from, to, path = []) {
  const found = [];
  for (const name of Object.keys(from)) {
    const here = [...path, name];
    if (!own(to, name)) {
      found.push({ path: here, kind: 'removed', from: from[name] });
    } else if (isObject(from[name]) && isObject(to[name])) {
      found.push(...changes(from[name], to[name], here));
    } else if (!same(from[name], to[name])) {
      found.push({ path: here, kind: 'changed', from: from[name], to: to[name] });
    }
  }
  for (const name of Object.keys(to)) {
    if (!own(from, name)) {
      found.push({ path: [...path, name], kind: 'added', to: to[name] });
    }
  }
  return found;
}

/** Objects without a prototype: a member may be named `__proto__`. */
export function mergePatch(from, to) {
  const patch = Object.create(null);
  for (const name of Object.keys(from)) {
    if (!own(to, name)) {
      patch[name] = null;
    }
  }
  for (const name of Object.keys(to)) {
    if (own(from, name) && isObject(from[name]) && isObject(to[name])) {
      const inner = mergePatch(from[name], to[name]);
      if (Object.keys(inner).length > 0) {
        patch[name] = inner;
      }
    } else if (!own(from, name) || !same(from[name], to[name])) {
      patch[name] = to[name];
    }
  }
  return patch;
}

export function applyPatch(target, patch) {
  if (!isObject(patch)) {
    return patch;
  }
  const result = Object.create(null);
  if (isObject(target)) {
    Object.keys(target).forEach((name) => (result[name] = target[name]));
  }
  for (const name of Object.keys(patch)) {
    if (patch[name] === null) {
      delete result[name];
    } else {
      result[name] = applyPatch(result[name], patch[name]);
    }
  }
  return result;
}

/** The first change that a merge patch can't say, or null: in a patch null means to remove. */
export function unspeakable(from, to) {
  const found = changes(from, to).find(({ kind, to: value }) => kind !== 'removed' && holdsNull(value));
  return found ? found.path : null;
}

const holdsNull = (value) => value === null || (isObject(value) && Object.values(value).some(holdsNull));
