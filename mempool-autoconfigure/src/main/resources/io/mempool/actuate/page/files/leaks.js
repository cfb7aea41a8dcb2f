import { el, reconcile, setText } from './dom.js';
import { bytes, count, instant, millis } from './format.js';
import { Table } from './table.js';

const KINDS = { collected: 'leaked', age: 'leased too long', scope: 'left behind by a request',
	'write-after-release': 'written to after its release' };

/**
 * Leases that were not released: their owners, and since when.
 */
export class Leaks {

	#table = new Table('Leaks', [
		{ title: 'Work', header: true, fill: (cell, leak) => this.#fillWork(cell, leak) },
		{ title: 'Found', value: ({ kind }) => KINDS[kind] ?? kind },
		{ title: 'Times', number: true, value: (leak) => count(leak.count) },
		{ title: 'Size', number: true, value: ({ size }) => bytes(size) },
		{ title: 'Age', number: true, value: ({ ageMillis }) => millis(ageMillis) },
		{ title: 'Thread', value: ({ thread }) => thread || '–' },
		{ title: 'First seen', value: ({ firstSeen }) => instant(firstSeen) },
		{ title: 'Last seen', value: ({ lastSeen }) => instant(lastSeen) }
	], { stacks: true });
	#list;
	#none = el('p', { class: 'empty' });
	#works = new WeakMap();

	constructor() {
		this.#list = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Leaks' }, this.#table.element);
		this.element = el('section', { class: 'card', 'data-section': 'leaks' }, el('h3', {}, 'Leaks'), this.#list, this.#none);
	}

	show(leaks, detection) {
		const there = leaks?.length > 0;
		this.#list.hidden = !there;
		this.#none.hidden = there;
		setText(this.#none, (detection === 'disabled') ? 'Leak detection is disabled: leaks are counted, but not described.'
			: 'No leak was reported.');
		this.#table.show(leaks ?? [], { key: (leak) => [leak.kind, leak.size, leak.work, leak.thread, leak.firstSeen].join() });
	}

	#fillWork(cell, { work, id, stack }) {
		if (!this.#works.has(cell)) {
			const parts = { work: el('span'), id: el('span', { class: 'note' }), lines: el('ol') };
			parts.stack = el('details', {}, el('summary', {}, 'Acquired at'), parts.lines);
			cell.append(parts.work, ' ', parts.id, parts.stack);
			this.#works.set(cell, parts);
		}
		const parts = this.#works.get(cell);
		setText(parts.work, work || 'no unit of work');
		setText(parts.id, id ?? '');
		parts.stack.hidden = !stack?.length;
		reconcile(parts.lines, (stack ?? []).map((line, index) => ({ line, index })), ({ index }) => index,
				({ line }) => ({ element: el('li', {}, el('code', {}, line)) }));
	}

}
