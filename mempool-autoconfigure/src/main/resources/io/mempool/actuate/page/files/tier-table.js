import { hitRate } from './acquisitions.js';
import { el, setAttribute, setText } from './dom.js';
import { bytes, count, percent, rate } from './format.js';
import { showLevel } from './level.js';
import { linkTo } from './route.js';
import { Table } from './table.js';

/**
 * The tiers of a pool side by side. Its first column chooses what the charts show.
 */
export class TierTable {

	#table = new Table('Tiers', [
		{ title: 'Tier', header: true, fill: (cell, row) => this.#fillLink(cell, row) },
		{ title: 'Hits/s', number: true, value: ({ now }) => rate(now('hits')) },
		{ title: 'Misses/s', number: true, value: ({ now }) => rate(now('misses')) },
		{ title: 'Hit rate', number: true, value: ({ figures }) => percent(hitRate(figures)) },
		{ title: 'Leased', fill: (cell, { figures }) => showLevel(cell, figures.leased, figures.maxTotal,
				{ label: 'Leased of max total', color: 'leased', format: count }) },
		{ title: 'Idle', fill: (cell, { figures }) => showLevel(cell, figures.idle, figures.maxIdle,
				{ label: 'Idle of max idle', color: 'idle', format: count }) },
		{ title: 'Peak', number: true, value: ({ figures }) => count(figures.peakLeased) },
		{ title: 'Memory', number: true, value: ({ used }) => bytes(used) },
		{ title: 'Discarded', number: true, value: ({ figures }) => count(figures.discarded) },
		{ title: 'Exhausted', number: true, value: ({ figures }) => count(figures.exhausted) },
		{ title: 'Leaked', number: true, value: ({ figures }) => count(figures.leaked) }
	]);
	#links = new WeakMap();

	constructor() {
		this.element = el('section', { class: 'card' }, el('h3', {}, 'Tiers'),
				el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Tiers' }, this.#table.element));
	}

	show(figures, history, ofPool, { pool, tier }) {
		const now = (of) => (name) => history.rate((answer) => of(answer)?.[name]);
		const rows = [
			{ title: 'All', link: linkTo(pool), figures, used: figures.leasedBytes + figures.idleBytes, now: now(ofPool),
				current: tier === undefined },
			...figures.tiers.map((each) => ({ title: bytes(each.size), link: linkTo(pool, each.size), figures: each,
				used: (each.leased + each.idle) * each.size, current: tier === each.size,
				now: now((answer) => ofPool(answer)?.tiers.find(({ size }) => size === each.size)) }))
		];
		this.#table.show(rows, { key: ({ link }) => link, mark: ({ current }) => ({ 'data-current': current ? '' : undefined }) });
	}

	#fillLink(cell, { title, link, current }) {
		if (!this.#links.has(cell)) {
			this.#links.set(cell, cell.appendChild(el('a', { href: link })));
		}
		setText(this.#links.get(cell), title);
		setAttribute(this.#links.get(cell), 'aria-current', current ? 'true' : undefined);
	}

}
