import { acquisitions } from './acquisitions.js';
import { el, reconcile, setAttribute, setText } from './dom.js';
import { findings, growthOf } from './findings.js';
import { bytes, compact, count, many, percent, rate } from './format.js';
import { Level } from './level.js';
import { linkTo } from './route.js';

const KINDS = { heap: 'Heap', offHeap: 'Off-heap' };

/** From how many pools on there is a box to find one. */
const MANY = 12;

/**
 * All pools at one glance, and what they share. Of many pools those are shown whose names have what was typed.
 */
export class PoolList {

	#filter = el('input', { type: 'search', id: 'filter', placeholder: 'Find a pool', 'aria-label': 'Find a pool by its name',
		autocomplete: 'off', spellcheck: 'false', input: () => this.#showAgain() });
	#onlyFound = el('input', { type: 'checkbox', id: 'only-findings', change: () => this.#showAgain() });
	#matches = el('p', { class: 'note', role: 'status' });
	#search = el('section', { class: 'group search' }, this.#filter,
			el('label', {}, this.#onlyFound, ' only with findings'), this.#matches);
	#last;
	#budgets = el('div', { class: 'budgets' });
	#buffers = el('ul');
	#objects = el('ul');
	#objectsTitle = el('h2', {}, 'Objects');
	#empty = el('p', { class: 'empty' }, 'No pool is in use yet. Pools appear here with the application that has them.');

	constructor() {
		this.elements = [el('section', { class: 'group' }, el('h2', {}, 'Memory'), this.#budgets),
			this.#search, el('section', { class: 'group' }, el('h2', {}, 'Buffers'), this.#buffers, this.#empty),
			el('section', { class: 'group' }, this.#objectsTitle, this.#objects)];
	}

	#showAgain() {
		if (this.#last) {
			this.show(...this.#last);
		}
	}

	show(answer, history, route) {
		this.#last = [answer, history, route];
		const budgets = Object.entries(KINDS).filter(([key]) => answer.budget?.[key])
			.map(([key, title]) => ({ title, ...answer.budget[key] }));
		reconcile(this.#budgets, budgets, ({ title }) => title, budgetItem);
		const buffers = Object.entries(answer.pools).map(([name, figures]) => ({ name, figures,
			of: (each) => each.pools[name], bytes: figures.leasedBytes + figures.idleBytes }));
		const objects = Object.entries(answer.objects ?? {}).map(([name, figures]) => ({ name, figures,
			of: (each) => each.objects?.[name] }));
		const item = ({ name }) => poolItem(name);
		const all = buffers.length + objects.length;
		this.#search.hidden = all < MANY;
		const text = (all < MANY) ? '' : this.#filter.value.trim().toLowerCase();
		const known = (pools) => pools.filter(({ name }) => name.includes(text))
			.map((pool) => ({ ...pool, history, current: pool.name === route.pool,
				found: findings(pool.figures, growthOf(history, pool.of)) }))
			.filter(({ found }) => all < MANY || !this.#onlyFound.checked || found.length > 0);
		const [shownBuffers, shownObjects] = [known(buffers), known(objects)];
		reconcile(this.#buffers, shownBuffers, ({ name }) => name, item);
		reconcile(this.#objects, shownObjects, ({ name }) => name, item);
		setText(this.#matches, `${count(shownBuffers.length + shownObjects.length)} of ${many(all, 'pool')}`);
		this.#objectsTitle.hidden = shownObjects.length === 0;
		this.#empty.hidden = all > 0;
	}

}

function budgetItem({ title }) {
	const level = new Level(`${title} memory of all pools`, 'memory');
	const note = el('span', { class: 'note' });
	return { element: el('div', { class: 'budget' }, el('span', {}, title), level.element, note),
		update: ({ usedBytes, limitBytes }) => {
			level.show(usedBytes, limitBytes, bytes);
			setText(note, limitBytes ? `${percent(usedBytes / limitBytes)} of the budget` : 'no budget');
		} };
}

function poolItem(name) {
	const badge = el('span', { class: 'badge' });
	const traffic = el('span');
	const level = el('span');
	const link = el('a', { href: linkTo(name) }, el('span', { class: 'name' }, name, badge),
			el('span', { class: 'note' }, traffic, level));
	return { element: el('li', {}, link), update: ({ figures, of, history, bytes: used, current, found }) => {
		setAttribute(link, 'aria-current', current ? 'page' : undefined);
		const hits = history.growth((answer) => of(answer)?.hits);
		const acquires = history.growth((answer) => acquisitions(of(answer)));
		const perSecond = history.rate((answer) => acquisitions(of(answer)));
		setText(traffic, acquires > 0 ? `${rate(perSecond)}/s, ${percent(hits / acquires)} hits` : 'at rest');
		setText(level, `${compact(figures.leased)} leased, ${used === undefined ? `${count(figures.idle)} idle` : bytes(used)}`);
		badge.hidden = found.length === 0;
		setText(badge, String(found.length));
		setAttribute(badge, 'data-severity', found.some(({ severity }) => severity === 'bad') ? 'bad' : 'warning');
		setAttribute(badge, 'aria-label', many(found.length, 'finding'));
	} };
}
