import { el, reconcile, setText } from './dom.js';

/**
 * Names and values, one below the other. 'id' marks a figure for scripts that read the page.
 */
export class Figures {

	#list = el('dl', { class: 'figures' });

	/** 'section' names it in addresses. */
	constructor(title, section) {
		this.element = el('section', { class: 'card', 'data-section': section }, el('h3', {}, title), this.#list);
	}

	show(figures) {
		const shown = figures.filter(({ value }) => value !== undefined);
		reconcile(this.#list, shown, ({ name }) => name, ({ name, id }) => {
			const value = el('dd', { 'data-figure': id });
			return { element: el('div', {}, el('dt', {}, name), value), update: (figure) => setText(value, figure.value) };
		});
	}

}
