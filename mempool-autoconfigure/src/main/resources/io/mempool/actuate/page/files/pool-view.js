import { COUNT, RATE, TimeChart } from './charts.js';
import { el, reconcile, setText } from './dom.js';
import { Figures } from './figures.js';
import { Tiles } from './tiles.js';

const HITS = [{ label: 'hits', color: 'hits', fill: true }];
const HELD = [{ label: 'leased', name: 'leased', color: 'leased' }, { label: 'idle', name: 'idle', color: 'idle' }];

/** Totals of a pool that no idle memory served, as series of a chart. */
export const MISSES = [
	{ label: 'misses', name: 'misses', color: 'misses' },
	{ label: 'oversized', name: 'oversized', color: 'oversized' },
	{ label: 'exhausted', name: 'exhausted', color: 'exhausted' }
];

/**
 * What all pools have: findings, tiles, traffic over time, and the totals.
 */
export class PoolView {

	#title = el('h2');
	#tags = el('ul', { class: 'tags' });
	#findings = el('ul', { class: 'findings', 'aria-label': 'Findings' });
	#tiles = new Tiles();
	#hits = new TimeChart({ title: 'Hits per second', unit: RATE, series: HITS });
	#misses;
	#held = new TimeChart({ title: 'Leased and idle', unit: COUNT, series: HELD });
	#series;

	constructor(series) {
		this.#series = series;
		this.#misses = new TimeChart({ title: 'Misses per second', unit: RATE, series });
		this.charts = [this.#hits, this.#misses, this.#held];
		this.totals = new Figures('Since the start');
		this.settings = new Figures('Settings');
		this.head = el('header', { class: 'head' }, this.#title, this.#tags);
		this.top = [this.head, this.#findings, this.#tiles.element];
		this.traffic = this.charts.map((chart) => chart.element);
	}

	/** Shows the pool, or the tier, whose figures 'of' finds in an answer. */
	showTraffic({ title, tags, found, tiles, history, of, caps = {} }) {
		const { times } = history;
		setText(this.#title, title);
		reconcile(this.#tags, tags.filter(Boolean), (tag) => tag, (tag) => ({ element: el('li', {}, tag) }));
		reconcile(this.#findings, found, ({ text }) => text, findingItem);
		this.#tiles.show(tiles);
		const totals = (name) => history.rates((answer) => of(answer)?.[name]);
		const levels = (name) => history.levels((answer) => of(answer)?.[name]);
		this.#hits.update(times, [totals('hits')]);
		this.#misses.update(times, this.#series.map(({ name }) => totals(name)));
		this.#held.update(times, HELD.map(({ name }) => levels(name)), [
			{ label: 'max idle', value: caps.maxIdle, color: 'idle' },
			{ label: 'max total', value: caps.maxTotal, color: 'leased' }
		]);
	}

	destroy() {
		this.charts.forEach((chart) => chart.destroy());
	}

}

function findingItem({ text, severity }) {
	return { element: el('li', { 'data-severity': severity }, el('b', {}, severity === 'bad' ? 'Problem' : 'Notice'),
			` ${text}`) };
}
