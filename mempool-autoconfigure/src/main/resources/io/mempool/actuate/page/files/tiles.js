import { el, reconcile, setAttribute, setText } from './dom.js';
import { Level } from './level.js';

/**
 * The figures that are looked at first: a name, a value, and what it means in small print. A tile may have a level
 * { value, limit, format, color, showLimit } instead of the value, and a state that is worth a colour.
 */
export class Tiles {

	constructor() {
		this.element = el('dl', { class: 'tiles' });
	}

	show(tiles) {
		reconcile(this.element, tiles, ({ name }) => name, ({ name, level }) => {
			const bar = level && new Level(name, level.color, { showLimit: level.showLimit });
			const value = el('dd', { class: 'value' }, ...(bar ? [bar.element] : []));
			const notes = el('dd', { class: 'note' });
			const element = el('div', { class: 'card tile' }, el('dt', {}, name), value, notes);
			return { element, update: (tile) => {
				if (bar) {
					bar.show(tile.level.value, tile.level.limit, tile.level.format);
				}
				else {
					setText(value, tile.value);
				}
				setText(notes, tile.note);
				setAttribute(element, 'data-state', tile.state);
			} };
		});
	}

}
