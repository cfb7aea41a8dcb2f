import { el, reconcile, setAttribute, setText } from './dom.js';
import { FindingList } from './finding-list.js';
import { bytes, clock, compact, many, percent } from './format.js';
import { Level } from './level.js';
import { linkTo } from './route.js';
import { Table } from './table.js';
import { trafficOf } from './traffic.js';

const KINDS = { heap: 'Heap memory', offHeap: 'Off-heap memory' };
const HEALTH = { good: 'Healthy', bad: 'problem', warning: 'notice' };

/**
 * All pools at one glance: what is to be done, what they share, and a row for each with its health first, then its traffic.
 */
export class Overview {

	#title = el('h2', { class: 'hidden' }, 'All pools');
	#health = new FindingList();
	#quiet = el('p', { class: 'note' });
	#budgets = el('dl', { class: 'tiles' });
	#table = new Table('Pools', [
		{ title: 'Pool', header: true, fill: (cell, row) => this.#fillLink(cell, row) },
		{ title: 'Health', fill: (cell, row) => fillHealth(cell, row) },
		{ title: 'Acquires/s', number: true, value: ({ traffic }) => traffic.quiet ? 'no traffic' : traffic.rate },
		{ title: 'Hit rate', number: true, value: ({ traffic }) => traffic.hitRate },
		{ title: 'Misses/s', number: true, minor: true, value: ({ traffic }) => traffic.quiet ? '0' : traffic.misses },
		{ title: 'Leased', number: true, minor: true, value: ({ figures }) => compact(figures.leased) },
		{ title: 'Peak leased', number: true, minor: true, value: ({ figures }) => compact(figures.peakLeased) },
		{ title: 'Idle', number: true, minor: true, value: ({ figures }) => compact(figures.idle) },
		{ title: 'Memory', number: true, value: ({ figures }) => bytes(figures.usedBytes) }
	], { stacks: true });
	#search = el('div');
	#rows;
	#empty = el('p', { class: 'empty' }, 'No pool is in use yet. Pools appear here with the application that has them.');
	#links = new WeakMap();

	constructor() {
		this.#table.element.classList.add('pools');
		this.#rows = el('section', { class: 'card' }, el('h3', {}, 'Pools'),
				el('p', { class: 'note' }, 'Rates are means of the last 10 s, hit rates of the last minute. What is leased and idle'
					+ ' is a sample; the peak is since the start.'), this.#table.element);
		this.elements = [this.#title, this.#health.element, this.#quiet, this.#budgets, this.#search, this.#rows, this.#empty];
	}

	/** Takes the box in which pools are found. */
	takeFilter(filter) {
		this.#search.append(filter.element);
	}

	/** Shows an answer: its findings, and the pools { name, figures, of, found, severity } of which some are to be shown. */
	show({ answer, found, pools, shown, history }) {
		this.#health.show(found, pools.length > 0 ? undefined : 'No pool is in use yet.');
		// Those with something to do first; those alike stay where they are
		const rows = ['bad', 'warning', 'good'].flatMap((severity) => shown.filter((pool) => pool.severity === severity))
			.map((pool) => ({ ...pool, traffic: trafficOf(history, pool.of) }));
		const traffic = trafficOf(history, (each) => each && totals(each));
		this.#quiet.hidden = pools.length === 0 || !traffic.quiet;
		setText(this.#quiet, `${traffic.silence}.`);
		this.#showBudgets(answer.budget ?? {});
		this.#rows.hidden = pools.length === 0;
		this.#empty.hidden = pools.length > 0;
		this.#table.show(rows, { key: ({ name }) => name });
	}

	lost(since) {
		this.#health.lost(`Not known since ${clock(since)}: what is below is from before.`);
	}

	#showBudgets(budgets) {
		const known = Object.entries(KINDS).filter(([key]) => budgets[key]).map(([key, title]) => ({ title, ...budgets[key] }));
		reconcile(this.#budgets, known, ({ title }) => title, ({ title }) => {
			const level = new Level(`${title} of all pools`, 'memory', { showLimit: false });
			const note = el('dd', { class: 'note' });
			return { element: el('div', { class: 'card tile' }, el('dt', {}, title), el('dd', { class: 'value' }, level.element), note),
				update: ({ usedBytes, limitBytes }) => {
					level.show(usedBytes, limitBytes, bytes);
					setText(note, limitBytes ? `${percent(usedBytes / limitBytes)} of the budget of ${bytes(limitBytes)}` : 'no budget');
				} };
		});
	}

	#fillLink(cell, { name }) {
		if (!this.#links.has(cell)) {
			this.#links.set(cell, cell.appendChild(el('a', { href: linkTo(name) }, name)));
		}
	}

}

function fillHealth(cell, { found, severity }) {
	const number = found.filter((finding) => finding.severity === severity).length;
	setText(cell, severity === 'good' ? HEALTH.good : many(number, HEALTH[severity]));
	setAttribute(cell, 'data-severity', severity);
}

/** The acquires of all pools as if they were those of one. */
function totals({ pools, objects = {} }) {
	const sum = { hits: 0, misses: 0, oversized: 0, exhausted: 0 };
	for (const figures of [...Object.values(pools), ...Object.values(objects)]) {
		Object.keys(sum).forEach((name) => sum[name] += figures[name] ?? 0);
	}
	return sum;
}
