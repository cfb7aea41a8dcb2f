import { el } from './dom.js';
import { findings, growthOf } from './findings.js';
import { MISSES, PoolView } from './pool-view.js';
import { commonSettings, objectTotals, tiles } from './summary.js';

/**
 * A pool of objects.
 */
export class ObjectView extends PoolView {

	constructor() {
		super(MISSES.filter(({ name }) => name !== 'oversized'));
		this.elements = [...this.top, el('div', { class: 'charts' }, ...this.traffic),
			el('div', { class: 'columns' }, this.totals.element, this.settings.element)];
	}

	show(answer, details, history, { pool }) {
		const figures = answer.objects[pool];
		const of = (each) => each.objects?.[pool];
		this.showTraffic({
			title: pool,
			tags: ['objects', `policy ${figures.policy}`,
				details?.leakDetection && `leak detection ${details.leakDetection}`],
			found: findings(figures, growthOf(history, of)),
			tiles: tiles(history, of, figures),
			history, of, caps: figures
		});
		this.totals.show(objectTotals(figures));
		this.settings.show(commonSettings(figures, details));
	}

}
