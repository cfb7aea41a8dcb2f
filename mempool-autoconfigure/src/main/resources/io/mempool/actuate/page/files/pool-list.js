import { el, reconcile, setAttribute, setText } from './dom.js';
import { many } from './format.js';
import { linkTo } from './route.js';

/**
 * All pools beside the one that is looked at, with the number of their problems.
 */
export class PoolList {

	#search = el('div');
	#lists = { buffers: el('ul'), objects: el('ul') };
	#objectsTitle = el('h2', {}, 'Objects');

	constructor() {
		this.elements = [el('a', { class: 'home', href: '#/' }, '← All pools'), this.#search,
			el('section', { class: 'group' }, el('h2', {}, 'Buffers'), this.#lists.buffers),
			el('section', { class: 'group' }, this.#objectsTitle, this.#lists.objects)];
	}

	/** Takes the box in which pools are found. */
	takeFilter(filter) {
		this.#search.append(filter.element);
	}

	/** Shows pools, { name, kind, problems }, one of which is looked at. */
	show(pools, current) {
		const item = ({ name }) => poolItem(name);
		for (const [kind, list] of Object.entries(this.#lists)) {
			reconcile(list, pools.filter((pool) => pool.kind === kind).map((pool) => ({ ...pool, current: pool.name === current })),
					({ name }) => name, item);
		}
		this.#objectsTitle.hidden = pools.every(({ kind }) => kind !== 'objects');
	}

}

function poolItem(name) {
	const badge = el('span', { class: 'badge' });
	const link = el('a', { href: linkTo(name) }, el('span', {}, name), ' ', badge);
	return { element: el('li', {}, link), update: ({ problems, current }) => {
		setAttribute(link, 'aria-current', current ? 'page' : undefined);
		badge.hidden = problems === 0;
		setText(badge, many(problems, 'problem'));
	} };
}
