import { el } from './dom.js';
import { Leaks } from './leaks.js';
import { MISSES, PoolView } from './pool-view.js';
import { commonSettings, objectTotals, tiles } from './summary.js';
import { ObjectWorth } from './worth.js';

/**
 * A pool of objects.
 */
export class ObjectView extends PoolView {

	#leaks = new Leaks();
	#worth = new ObjectWorth();

	constructor() {
		super(MISSES.filter(({ name }) => name !== 'oversized'));
		this.elements = [...this.top, el('div', { class: 'charts', 'data-section': 'traffic' }, ...this.traffic), this.changes,
			this.#leaks.element, this.#worth.element,
			el('div', { class: 'columns' }, this.totals.element, this.settings.element)];
	}

	show({ answer, details, history, route: { pool }, found, toLocal }) {
		const figures = { ...details, ...answer.objects[pool] };
		const of = (each) => each.objects?.[pool];
		this.showTraffic({
			title: pool,
			tags: ['objects', `policy ${figures.policy}`,
				figures.leakDetection && `leak detection ${figures.leakDetection}`],
			tiles: tiles({ history, of, figures, found }),
			found, history, of, figures, changes: details?.changes, toLocal
		});
		this.#leaks.show(figures.leaks, figures.leakDetection);
		this.#worth.show(figures.worth);
		this.totals.show(objectTotals(figures));
		this.settings.show(commonSettings(figures));
	}

}
