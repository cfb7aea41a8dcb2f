import { el, setText } from './dom.js';
import { many } from './format.js';

/** From how many pools on there is a box to find one. */
const MANY = 12;

/**
 * Finds pools among many: those whose names have what was typed, or those with findings.
 */
export class PoolFilter {

	#text = el('input', { type: 'search', id: 'filter', placeholder: 'Find a pool', 'aria-label': 'Find a pool by its name',
		autocomplete: 'off', spellcheck: 'false', input: () => this.#onChange() });
	#onlyFound = el('input', { type: 'checkbox', id: 'only-findings', change: () => this.#onChange() });
	#matches = el('p', { class: 'note', role: 'status' });
	#onChange;

	constructor(onChange) {
		this.#onChange = onChange;
		this.element = el('section', { class: 'search', 'aria-label': 'Find a pool' }, this.#text,
				el('label', {}, this.#onlyFound, ' only with findings'), this.#matches);
	}

	/** Returns those of the pools, { name, severity }, that are to be shown. */
	apply(pools) {
		this.element.hidden = pools.length < MANY;
		if (this.element.hidden) {
			return pools;
		}
		const text = this.#text.value.trim().toLowerCase();
		const shown = pools.filter(({ name, severity }) => name.includes(text)
			&& (!this.#onlyFound.checked || severity !== 'good'));
		setText(this.#matches, `${shown.length} of ${many(pools.length, 'pool')}`);
		return shown;
	}

}
