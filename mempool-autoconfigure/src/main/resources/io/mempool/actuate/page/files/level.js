import { el, setAttribute, setText } from './dom.js';

/**
 * How full something is: a text, and a bar if there is a limit.
 */
export class Level {

	#value = el('span');
	#limit = el('small');
	#filled = el('span', { class: 'filled' });
	#bar;
	#showLimit;

	constructor(label, color, { showLimit = true } = {}) {
		this.#showLimit = showLimit;
		this.#bar = el('span', { class: `level ${color}`, role: 'meter', 'aria-label': label, 'aria-valuemin': '0' }, this.#filled);
		this.element = el('span', { class: 'levels' }, this.#value, this.#limit, this.#bar);
	}

	show(value, limit, format) {
		const limited = limit !== undefined && limit !== null;
		setText(this.#value, format(value));
		setText(this.#limit, (limited && this.#showLimit) ? ` / ${format(limit)}` : '');
		this.#bar.hidden = !limited;
		if (limited) {
			const share = (limit > 0) ? Math.min(1, value / limit) : Number(value > 0);
			this.#filled.style.inlineSize = `${100 * share}%`;
			setAttribute(this.#bar, 'data-full', (share >= 0.9) ? 'almost' : undefined);
			setAttribute(this.#bar, 'aria-valuemax', String(limit));
			setAttribute(this.#bar, 'aria-valuenow', String(Math.min(value, limit)));
			setAttribute(this.#bar, 'aria-valuetext', `${format(value)} of ${format(limit)}`);
		}
	}

}

const levels = new WeakMap();

/** Shows a level in a cell of a table. */
export function showLevel(cell, value, limit, { label, color, format }) {
	if (!levels.has(cell)) {
		levels.set(cell, new Level(label, color));
		cell.append(levels.get(cell).element);
	}
	levels.get(cell).show(value, limit, format);
}
