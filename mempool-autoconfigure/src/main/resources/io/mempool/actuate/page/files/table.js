import { el, reconcile, setAttribute, setText } from './dom.js';

/**
 * A table that is filled again and again. A column has a title and either the text of a row's cell or, to have more in
 * it, 'fill(cell, row)'. A column of numbers is aligned to the right, a column that wraps may take several lines, and a minor one is left out where cells stack.
 */
export class Table {

	#columns;
	#body = el('tbody', { role: 'rowgroup' });

	/** Where there is little room, the cells of a table that stacks are put below each other, each with its title. */
	constructor(caption, columns, { stacks = false } = {}) {
		this.#columns = columns;
		// What looks like no table is still one for users that hear it
		this.element = el('table', { role: 'table', class: stacks ? 'stacks' : undefined },
				el('caption', { class: 'hidden' }, caption), el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
				...columns.map((column) => el('th', { scope: 'col', role: 'columnheader', class: look(column) }, column.title)))),
				this.#body);
	}

	/** Shows rows, which keep their place by key. 'mark' may set attributes of a row. */
	show(rows, { key = (row, index) => index, mark } = {}) {
		const items = rows.map((row, index) => ({ row, name: key(row, index) }));
		reconcile(this.#body, items, ({ name }) => name, () => {
			const cells = this.#columns.map((column) => el(column.header ? 'th' : 'td', {
				scope: column.header ? 'row' : undefined, role: column.header ? 'rowheader' : 'cell', 'data-title': column.title,
				class: look(column) }));
			const element = el('tr', { role: 'row' }, ...cells);
			return { element, update: ({ row }) => {
				this.#columns.forEach(({ value, fill }, index) => fill ? fill(cells[index], row) : setText(cells[index], value(row)));
				for (const [name, text] of Object.entries(mark?.(row) ?? {})) {
					setAttribute(element, name, text);
				}
			} };
		});
	}

}

function look({ number, wrap, minor }) {
	return [number && 'number', wrap && 'wrap', minor && 'minor'].filter(Boolean).join(' ') || undefined;
}
