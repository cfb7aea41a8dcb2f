import { el, reconcile, setAttribute, setText } from './dom.js';

/**
 * A table that is filled again and again. A column has a title and either the text of a row's cell or, to have more in
 * it, 'fill(cell, row)'. A column of numbers is aligned to the right, a column that wraps may take several lines.
 */
export class Table {

	#columns;
	#body;

	constructor(caption, columns) {
		this.#columns = columns;
		this.#body = el('tbody');
		this.element = el('table', {}, el('caption', { class: 'hidden' }, caption), el('thead', {}, el('tr', {},
				...columns.map((column) => el('th', { scope: 'col', class: look(column) }, column.title)))),
				this.#body);
	}

	/** Shows rows, which keep their place by key. 'mark' may set attributes of a row. */
	show(rows, { key = (row, index) => index, mark } = {}) {
		const items = rows.map((row, index) => ({ row, name: key(row, index) }));
		reconcile(this.#body, items, ({ name }) => name, () => {
			const cells = this.#columns.map((column) => el(column.header ? 'th' : 'td', {
				scope: column.header ? 'row' : undefined, class: look(column) }));
			const element = el('tr', {}, ...cells);
			return { element, update: ({ row }) => {
				this.#columns.forEach(({ value, fill }, index) => fill ? fill(cells[index], row) : setText(cells[index], value(row)));
				for (const [name, text] of Object.entries(mark?.(row) ?? {})) {
					setAttribute(element, name, text);
				}
			} };
		});
	}

}

function look({ number, wrap }) {
	return number ? 'number' : (wrap ? 'wrap' : undefined);
}
