import { el, setAttribute, setText } from './dom.js';
import { bytes, count } from './format.js';
import { showLevel } from './level.js';
import { linkTo } from './route.js';
import { Table } from './table.js';
import { trafficOf } from './traffic.js';

/**
 * The tiers of a pool side by side. Its first column chooses what the charts show.
 */
export class TierTable {

	#table = new Table('Tiers', [
		{ title: 'Tier', header: true, fill: (cell, row) => this.#fillLink(cell, row) },
		{ title: 'Acquires/s', number: true, value: ({ traffic }) => traffic.quiet ? 'no traffic' : traffic.rate },
		{ title: 'Hit rate', number: true, value: ({ traffic }) => traffic.hitRate },
		{ title: 'Leased', fill: (cell, { figures }) => showLevel(cell, figures.leased, figures.maxTotal,
				{ label: 'Leased of max total', color: 'leased', format: count }) },
		{ title: 'Idle', fill: (cell, { figures }) => showLevel(cell, figures.idle, figures.maxIdle,
				{ label: 'Idle of max idle', color: 'idle', format: count }) },
		{ title: 'Peak leased', number: true, value: ({ figures }) => count(figures.peakLeased) },
		{ title: 'Memory', number: true, value: ({ used }) => bytes(used) },
		{ title: 'Discarded', number: true, value: ({ figures }) => count(figures.discarded) },
		{ title: 'Exhausted', number: true, value: ({ figures }) => count(figures.exhausted) },
		{ title: 'Leaked', number: true, value: ({ figures }) => count(figures.leaked) }
	], { stacks: true });
	#links = new WeakMap();

	constructor() {
		this.element = el('section', { class: 'card', 'data-section': 'tiers' }, el('h3', {}, 'Tiers'),
				el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Tiers' }, this.#table.element));
	}

	show(figures, history, ofPool, { pool, tier }) {
		const rows = [
			{ title: 'All', link: linkTo(pool), figures, used: figures.leasedBytes + figures.idleBytes, traffic: trafficOf(history, ofPool),
				current: tier === undefined },
			...figures.tiers.map((each) => ({ title: bytes(each.size), link: linkTo(pool, each.size), figures: each,
				used: (each.leased + each.idle) * each.size, current: tier === each.size,
				traffic: trafficOf(history, (answer) => ofPool(answer)?.tiers.find(({ size }) => size === each.size)) }))
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
