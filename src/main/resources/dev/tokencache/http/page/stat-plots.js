// Four live plots of the cache's statistics: differences between two looks, every two seconds.
import uPlot from 'uplot';
import { PageElement, html } from './element.js';
import { bytes, decimal } from './format.js';

const MOST_SAMPLES = 150;
const HEIGHT = 96;
/** Seconds that a plot shows at least. */
const SHORTEST = 60;
const POWERS_OF_TWO = Array.from({ length: 32 }, (none, i) => 2 ** (i + 8));
const dark = window.matchMedia('(prefers-color-scheme: dark)');

const rate = (value) => (value === null ? '–' : `${decimal(value)} %`);
const millis = (value) => (value === null ? '–' : `${decimal(value)} ms`);

const PLOTS = [
  { key: 'hitRate', title: 'Hit rate', say: rate, range: [0, 100], lines: [['hitRate', '--plot-1']] },
  { key: 'requests', title: 'Reads per second', say: (v) => (v === null ? '–' : decimal(v)), lines: [['requests', '--plot-2']] },
  { key: 'p50', title: 'Load time, p50 · p99', say: millis, lines: [['p50', '--plot-3'], ['p99', '--plot-4']] },
  { key: 'bytes', title: 'Memory', say: bytes, lines: [['bytes', '--plot-1']], memory: true },
];

/** What lies between two looks at the statistics; null where nothing can be said, as after a restart. */
export function sample(before, now) {
  const { at, cache } = now;
  const point = { at: at / 1000, bytes: cache.bytes, maxBytes: cache.maxBytes, p50: cache.loadTime.p50, p99: cache.loadTime.p99,
    hitRate: null, requests: null };
  const seconds = before ? (at - before.at) / 1000 : 0;
  const more = (name) => cache[name] - before.cache[name];
  if (seconds > 0 && more('hits') >= 0) {
    const good = more('hits') + more('absentHits');
    const all = good + more('misses');
    point.hitRate = all > 0 ? (100 * good) / all : null;
    point.requests = Math.max(0, all + more('listHits') + more('listMisses')) / seconds;
  }
  return point;
}

export function addSample(samples, point) {
  samples.push(point);
  samples.splice(0, samples.length - MOST_SAMPLES);
}

class StatPlots extends PageElement {
  static properties = { samples: { attribute: false }, round: { attribute: false } };

  constructor() {
    super();
    this.plots = [];
    this.onScheme = () => this.plots.forEach((plot) => plot.redraw());
  }

  connectedCallback() {
    super.connectedCallback();
    dark.addEventListener('change', this.onScheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    dark.removeEventListener('change', this.onScheme);
    this.sizes?.disconnect();
    this.plots.forEach((plot) => plot.destroy());
    this.plots = [];
  }

  firstUpdated() {
    const places = [...this.querySelectorAll('.canvas')];
    this.plots = places.map((place, i) => new uPlot(options(PLOTS[i], place.clientWidth), this.data(PLOTS[i]), place));
    this.sizes = new ResizeObserver(() => places.forEach((place, i) =>
      this.plots[i].setSize({ width: place.clientWidth, height: HEIGHT })));
    places.forEach((place) => this.sizes.observe(place));
  }

  updated() {
    this.plots.forEach((plot, i) => plot.setData(this.data(PLOTS[i])));
  }

  data({ lines }) {
    const samples = atLeastTwo(this.samples);
    return [samples.map((s) => s.at), ...lines.map(([key]) => samples.map((s) => s[key] ?? null))];
  }

  render() {
    const last = this.samples.at(-1);
    return html`<div class="plots">${PLOTS.map((plot) => html`
      <figure class="card plot">
        <figcaption><span>${plot.title}</span><strong>${last ? now(plot, last) : '–'}</strong></figcaption>
        <div class="canvas" role="img" aria-label="${plot.title} over the last minutes"></div>
      </figure>`)}</div>`;
  }
}

/** One point or none has no place on an axis of time. */
function atLeastTwo(samples) {
  const end = samples.at(-1) ?? { at: Date.now() / 1000 };
  return samples.length > 1 ? samples : [{ at: end.at - SHORTEST }, end];
}

function now(plot, last) {
  if (plot.memory) {
    return html`${bytes(last.bytes)}<span class="of"> of ${bytes(last.maxBytes)}</span>`;
  }
  return plot.lines.map(([key]) => plot.say(last[key])).join(' · ');
}

function options(plot, width) {
  const color = (name) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = { stroke: color('--quiet'), font: '11px system-ui, sans-serif', ticks: { show: false }, gap: 4 };
  const grid = { stroke: color('--line'), width: 1 };
  return {
    width: Math.max(width, 100),
    height: HEIGHT,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (self, min, max) => [Math.min(min, max - SHORTEST), max] },
      y: { range: plot.range ?? ((self, min, max) => [0, Math.max(max, plot.memory ? 1024 : 1) * 1.15]) },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 20, space: 90, values: (self, ticks) => ticks.map(clockTime) },
      {
        ...axis,
        grid,
        size: 54,
        space: 28,
        ...(plot.memory ? { incrs: POWERS_OF_TWO } : {}),
        values: (self, ticks) => ticks.map((v) => (plot.memory ? bytes(v) : decimal(v))),
      },
    ],
    series: [
      {},
      ...plot.lines.map(([, name]) => ({ stroke: color(name), width: 1.75, points: { show: false }, spanGaps: false })),
    ],
  };
}

const clockTime = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

customElements.define('tc-plots', StatPlots);
