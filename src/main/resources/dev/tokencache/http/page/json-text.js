// JSON that keeps numbers as they are written: a token's 20-digit id must not be rounded by being looked at.

const keepsNumbers = typeof JSON.rawJSON === 'function';

/** Throws a SyntaxError for what is no JSON. */
export function parse(text) {
  return JSON.parse(text, (key, value, context) =>
    keepsNumbers && typeof value === 'number' && context && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value,
  );
}

export const pretty = (value) => JSON.stringify(value, null, 2);

export const isObject = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(keepsNumbers && JSON.isRawJSON(value));

/** Parses what must be one object; `{value}` or `{error}`, a sentence. */
export function parseObject(text) {
  try {
    const value = parse(text);
    return isObject(value) ? { value } : { error: 'A token is one JSON object: { … }.' };
  } catch (e) {
    return { error: `This isn’t JSON yet${place(text, e)}.` };
  }
}

/** Where it is wrong, never what stands there: a browser's own message quotes the text. */
function place(text, error) {
  const found = /position (\d+)/.exec(error.message);
  if (!found) {
    return '';
  }
  const before = text.slice(0, Number(found[1])).split('\n');
  return `: line ${before.length}, column ${before.at(-1).length + 1}`;
}
