import { Changes } from './changes.js';
import { COUNT, RATE, TimeChart } from './charts.js';
import { el, reconcile, setText } from './dom.js';
import { Figures } from './figures.js';
import { FindingList } from './finding-list.js';
import { clock } from './format.js';
import { Tiles } from './tiles.js';

const HITS = [{ label: 'hits', color: 'hits', fill: true }];
const HELD = [{ label: 'leased', name: 'leased', color: 'leased' }, { label: 'idle', name: 'idle', color: 'idle', dash: [6, 3] }];

/** Totals of a pool that no idle memory served, as series of a chart. */
export const MISSES = [
	{ label: 'misses', name: 'misses', color: 'misses' },
	{ label: 'oversized', name: 'oversized', color: 'oversized', dash: [6, 3] },
	{ label: 'exhausted', name: 'exhausted', color: 'exhausted', dash: [2, 2] }
];

/**
 * What all pools have: findings, tiles, traffic over time, changed settings, and the totals.
 */
export class PoolView {

	#title = el('h2');
	#tags = el('ul', { class: 'tags', 'aria-label': 'Settings' });
	#health = new FindingList({ ofPool: true });
	#tiles = new Tiles();
	#hits = new TimeChart({ title: 'Hits per second', unit: RATE, series: HITS });
	#misses;
	#held = new TimeChart({ title: 'Leased and idle, sampled', unit: COUNT, series: HELD });
	#changes = new Changes();
	#series;

	constructor(series) {
		this.#series = series;
		this.#misses = new TimeChart({ title: 'Misses per second', unit: RATE, series });
		this.charts = [this.#hits, this.#misses, this.#held];
		this.totals = new Figures('Since the start', 'totals');
		this.settings = new Figures('Settings', 'settings');
		this.changes = this.#changes.element;
		this.head = el('header', { class: 'head' }, el('a', { class: 'home', href: '#/' }, '← All pools'), this.#title, this.#tags);
		this.top = [this.head, this.#health.element, this.#tiles.element];
		this.traffic = this.charts.map((chart) => chart.element);
	}

	/** Shows the pool, or the tier, whose figures 'of' finds in an answer. */
	showTraffic({ title, tags, found, tiles, history, of, figures, changes, toLocal }) {
		const { times } = history;
		setText(this.#title, title);
		reconcile(this.#tags, tags.filter(Boolean), (tag) => tag, (tag) => ({ element: el('li', {}, tag) }));
		this.#health.show(found);
		this.#tiles.show(tiles);
		const totals = (name) => history.rates((answer) => of(answer)?.[name]);
		const levels = (name) => history.levels((answer) => of(answer)?.[name]);
		this.changedAt = (changes ?? []).map(({ time }) => toLocal(time));
		this.#hits.update(times, [totals('hits')], [], this.changedAt);
		this.#misses.update(times, this.#series.map(({ name }) => totals(name)), [], this.changedAt);
		this.#held.update(times, HELD.map(({ name }) => levels(name)), [
			{ label: 'peak leased', value: figures.peakLeased, color: 'peak', dash: [1, 3] },
			{ label: 'max idle', value: figures.tiers ? undefined : figures.maxIdle, color: 'idle' },
			{ label: 'max total', value: figures.tiers ? undefined : figures.maxTotal, color: 'leased' }
		], this.changedAt);
		this.#changes.show(changes);
	}

	/** Says that what is shown is of the past. */
	lost(since) {
		this.#health.lost(`Not known since ${clock(since)}: what is below is from before.`);
	}

	destroy() {
		this.charts.forEach((chart) => chart.destroy());
	}

}
