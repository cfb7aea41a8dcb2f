import { el, reconcile } from './dom.js';
import { bytes, nanos } from './format.js';
import { Table } from './table.js';

/**
 * What pooling saved, and what it costs beside new memory.
 */
export class Worth {

	#table = new Table('What pooling saved', [
		{ title: 'Tier', header: true, value: ({ tier }) => bytes(tier) },
		{ title: 'Not allocated', number: true, value: ({ bytesSaved }) => bytes(bytesSaved) },
		{ title: 'A lease', number: true, value: ({ leaseNanos }) => nanos(leaseNanos) },
		{ title: 'Cleared', number: true, value: ({ clearedLeaseNanos }) => nanos(clearedLeaseNanos) },
		{ title: 'Not cleared', number: true, value: ({ unclearedLeaseNanos }) => nanos(unclearedLeaseNanos) },
		{ title: 'New memory', number: true, value: ({ allocationNanos }) => nanos(allocationNanos) }
	], { stacks: true });
	#unsteady = el('p', { class: 'note' }, 'Some times are not steady yet and prove nothing: the machine is busy, or the '
			+ 'code not compiled. They are measured again while this page is open.');
	#warnings = el('ul', { class: 'findings' });

	constructor() {
		this.element = el('section', { class: 'card' }, el('h3', {}, 'Is it worth it'),
				el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'What pooling saved' }, this.#table.element),
				this.#unsteady, this.#warnings);
	}

	show(worth) {
		this.element.hidden = !worth?.length;
		this.#unsteady.hidden = (worth ?? []).every(({ steady }) => steady !== false);
		this.#table.show(worth ?? [], { key: ({ tier }) => tier });
		reconcile(this.#warnings, (worth ?? []).filter(({ warning }) => warning), ({ warning }) => warning,
				({ warning }) => ({ element: el('li', {}, warning) }));
	}

}

/**
 * What a lease of an object costs beside a new one.
 */
export class ObjectWorth {

	#figures = el('p', {});
	#unsteady = el('p', { class: 'note' }, 'These times are not steady yet and prove nothing: the machine is busy, or the '
			+ 'code not compiled. They are measured again while this page is open.');
	#warnings = el('ul', { class: 'findings' });

	constructor() {
		this.element = el('section', { class: 'card' }, el('h3', {}, 'Is it worth it'), this.#figures, this.#unsteady,
				this.#warnings);
	}

	show(worth) {
		this.element.hidden = !worth;
		const measured = worth?.leaseNanos !== undefined;
		this.#figures.textContent = !worth ? '' : measured
			? `A new object takes ${nanos(worth.creationNanos)}, a lease ${nanos(worth.leaseNanos)} without its reset.`
			: `The quickest new object took ${nanos(worth.creationNanos)}. It was not measured further, as that might have effects.`;
		this.#unsteady.hidden = !measured || worth.steady;
		reconcile(this.#warnings, worth?.warning ? [worth] : [], ({ warning }) => warning,
				({ warning }) => ({ element: el('li', {}, warning) }));
	}

}
