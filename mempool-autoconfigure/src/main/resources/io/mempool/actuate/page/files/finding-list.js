import { el, reconcile, setAttribute, setText } from './dom.js';
import { sentence, worst } from './findings.js';
import { bytes, many } from './format.js';
import { linkTo } from './route.js';

const NAMES = { bad: 'Problem', warning: 'Notice', note: 'Note' };

/** How many notes of all pools there may be, which is no list of what to do. */
const NOTES = 10;

/**
 * One sentence, and what it sums up: each finding with its tiers, since when, what to do, and a link to where it shows.
 */
export class FindingList {

	#sentence = el('p', { class: 'sentence', role: 'status' });
	#list = el('ul', { class: 'findings', 'aria-label': 'Findings' });
	#more = el('p', { class: 'note' });
	#ofPool;

	/** Findings of one pool do not name it. */
	constructor({ ofPool = false } = {}) {
		this.#ofPool = ofPool;
		this.element = el('section', { class: 'health', 'aria-label': 'Health' }, this.#sentence, this.#list, this.#more);
	}

	show(found, text = sentence(found)) {
		setText(this.#sentence, text);
		setAttribute(this.#sentence, 'data-severity', worst(found));
		const notes = found.filter(({ severity }) => severity === 'note');
		const hidden = this.#ofPool ? [] : notes.slice(NOTES);
		reconcile(this.#list, found.filter((finding) => !hidden.includes(finding)),
				({ subject, severity, section, todo, tiers }) => [subject, severity, section, todo, tiers].join(),
				(finding) => this.#item(finding));
		this.#more.hidden = hidden.length === 0;
		setText(this.#more, `${many(hidden.length, 'more note')} at the pools.`);
	}

	/** Says that what is shown is of the past. */
	lost(text) {
		setText(this.#sentence, text);
		setAttribute(this.#sentence, 'data-severity', 'unknown');
	}

	#item({ severity, subject, pool, tiers = [], todo, section }) {
		const text = el('span');
		const where = [this.#ofPool ? undefined : subject, tiers.length > 0 && `${tiers.length > 1 ? 'tiers' : 'tier'} ${
			tiers.map(bytes).join(', ')}`].filter(Boolean).join(', ');
		const link = pool && el('a', { href: linkTo(pool, tiers.length === 1 ? tiers[0] : undefined, section) }, `Show ${section}`);
		const element = el('li', { 'data-severity': severity }, el('b', { class: 'severity' }, NAMES[severity]),
				el('div', {}, where && el('b', {}, `${where}: `), text, ' ', todo ?? '', ' ', link ?? ''));
		return { element, update: (finding) => {
			setText(text, `${finding.text}${finding.since ? `, ${finding.since}` : ''}.`);
		} };
	}

}
