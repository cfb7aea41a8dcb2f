import { el } from './dom.js';
import { instant } from './format.js';
import { Table } from './table.js';

/**
 * What was changed of a pool's settings while it runs, and by which user. Not there if nothing was.
 */
export class Changes {

	#table = new Table('Changed settings', [
		{ title: 'Time', header: true, value: ({ time }) => instant(time) },
		{ title: 'Setting', value: ({ setting }) => setting },
		{ title: 'From', wrap: true, value: ({ from }) => from },
		{ title: 'To', wrap: true, value: ({ to }) => to },
		{ title: 'By', value: ({ principal }) => principal ?? '–' }
	], { stacks: true });

	constructor() {
		this.element = el('section', { class: 'card', 'data-section': 'changes' }, el('h3', {}, 'Changed settings'), this.#table.element);
	}

	show(changes) {
		this.element.hidden = !changes?.length;
		const rows = (changes ?? []).flatMap(({ time, principal, settings }) => settings.map((each) => ({ time, principal, ...each })));
		this.#table.show(rows, { key: ({ time, setting }) => `${time} ${setting}` });
	}

}
