import { el, setText } from './dom.js';
import { bytes, count } from './format.js';
import { Level } from './level.js';
import { Table } from './table.js';

/**
 * The tiers that would fit better, ready to be pasted.
 */
export class Advice {

	#intro = el('p', { class: 'note' });
	#table = new Table('Tiers now, and advised', [
		{ title: '', header: true, value: ({ name }) => name },
		{ title: 'Tiers (max idle)', wrap: true, value: ({ tiers }) => tiers },
		{ title: 'Wasted', fill: (cell, row) => this.#fillWaste(cell, row) }
	]);
	#yaml = el('pre', { tabindex: '0', role: 'region', 'aria-label': 'YAML of the advised tiers' });
	#copy = el('button', { type: 'button', click: () => this.#copyYaml() }, 'Copy YAML');
	#copied = el('span', { role: 'status', class: 'note' });
	#there;
	#none = el('p', { class: 'empty' }, 'No tiers are advised: others would save too little, or too few requests were seen to say.');
	#levels = new WeakMap();

	constructor() {
		this.#there = el('div', {}, this.#intro, el('div', { class: 'scroll' }, this.#table.element),
				this.#yaml, el('p', { class: 'actions' }, this.#copy, ' ', this.#copied));
		this.element = el('section', { class: 'card', 'data-section': 'advice' }, el('h3', {}, 'Advice'), this.#there, this.#none);
	}

	show(advice) {
		const there = Boolean(advice?.now && advice?.advised);
		this.#there.hidden = !there;
		this.#none.hidden = there;
		if (there) {
			setText(this.#intro, `For ${count(advice.requests)} requests the advised tiers would have lent ${advice.savedPercent} % less. Wasted is`
					+ ' what a buffer holds beyond what was asked for.');
			this.#table.show([{ name: 'now', ...described(advice.now) }, { name: 'advised', ...described(advice.advised) }]);
			setText(this.#yaml, advice.yaml ?? '');
			this.#yaml.hidden = this.#copy.hidden = !advice.yaml;
		}
	}

	#fillWaste(cell, { wasted, percent }) {
		if (!this.#levels.has(cell)) {
			const parts = { level: new Level('Wasted', 'misses', { showLimit: false }), note: el('span', { class: 'note' }) };
			cell.append(parts.level.element, parts.note);
			this.#levels.set(cell, parts);
		}
		const { level, note } = this.#levels.get(cell);
		level.show(percent, 100, (value) => `${value.toFixed(1)} %`);
		setText(note, bytes(wasted));
	}

	async #copyYaml() {
		try {
			await navigator.clipboard.writeText(this.#yaml.textContent);
			this.#say('Copied.');
		}
		catch {
			// The clipboard is for secure addresses only; what is selected can be copied anywhere
			getSelection().selectAllChildren(this.#yaml);
			this.#say(document.execCommand('copy') ? 'Copied.' : 'Selected: copy it with the keyboard.');
		}
	}

	#say(text) {
		setText(this.#copied, text);
		setTimeout(() => setText(this.#copied, ''), 3000);
	}

}

function described({ tiers, wastedBytes, wastedPercent }) {
	const names = tiers.map(({ size, maxIdle }) => bytes(size) + (maxIdle === undefined ? '' : ` (${count(maxIdle)})`));
	return { tiers: names.join(', '), wasted: wastedBytes, percent: wastedPercent };
}
