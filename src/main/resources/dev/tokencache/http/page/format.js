// Figures and names as people read them.

const number = new Intl.NumberFormat('en');
const fraction = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: 'short', day: '2-digit' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const count = (n) => (n === null || n === undefined ? '–' : number.format(n));
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
export const decimal = (n) => fraction.format(n);

export function bytes(n) {
  if (n === null || n === undefined) {
    return '–';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${unit === 0 ? n : fraction.format(n)} ${units[unit]}`;
}

export const exact = (time) => (time ? when.format(new Date(time)) : '');

/** Today's times, other days' dates. */
export function moment(time, now = Date.now()) {
  if (!time) {
    return '–';
  }
  const date = new Date(time);
  return new Date(now).toDateString() === date.toDateString() ? clock.format(date) : day.format(date);
}

/** A span of milliseconds in its two largest units. */
export function span(millis) {
  const seconds = Math.floor(Math.abs(millis) / 1000);
  const units = [['d', 86_400], ['h', 3_600], ['min', 60], ['s', 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) {
    return '0 s';
  }
  const [name, size] = units[first];
  const whole = Math.floor(seconds / size);
  const next = units[first + 1];
  const more = next ? Math.floor((seconds % size) / next[1]) : 0;
  return more > 0 && whole < 100 ? `${whole} ${name} ${more} ${next[0]}` : `${count(whole)} ${name}`;
}

export function ago(time, now = Date.now()) {
  return time ? `${span(now - new Date(time).getTime())} ago` : 'never';
}

const TOP_LEVEL = 'com|org|net|io|dev|de|edu|gov|co|info|app|me|uk|fr|eu|in|cn|jp|example';
const SPELLED_OUT = new RegExp(`^(.+)_([A-Za-z0-9-]+_(?:${TOP_LEVEL}))((?:_[0-9]+)?)$`);

/** A file's name whose e-mail or number, if it has one, can't be read over a shoulder. */
export function maskName(filename) {
  const stem = filename.replace(/\.json$/, '');
  const at = stem.indexOf('@');
  if (at > 0) {
    return `${hide(stem.slice(0, at))}${stem.slice(at)}.json`;
  }
  const spelled = SPELLED_OUT.exec(stem);
  if (spelled) {
    return `${hide(spelled[1])}_${spelled[2]}${spelled[3]}.json`;
  }
  return /^[_+]?[0-9]{7,15}$/.test(stem) && !/^1[0-9]{12}$/.test(stem) ? `•••••${stem.slice(-3)}.json` : filename;
}

const hide = (local) => `${local.slice(0, 1)}•••`;
