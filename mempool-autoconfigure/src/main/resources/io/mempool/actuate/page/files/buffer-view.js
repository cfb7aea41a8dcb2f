import { Advice } from './advice.js';
import { BYTES, TimeChart } from './charts.js';
import { el } from './dom.js';
import { bytes, words } from './format.js';
import { Leaks } from './leaks.js';
import { MISSES, PoolView } from './pool-view.js';
import { bucketsOf, SizeChart } from './size-chart.js';
import { poolSettings, poolTotals, tiles } from './summary.js';
import { TierTable } from './tier-table.js';
import { Worth } from './worth.js';

/**
 * A pool of buffers, or one of its tiers.
 */
export class BufferView extends PoolView {

	#memory = new TimeChart({ title: 'Memory, sampled', unit: BYTES, stacked: true,
		series: [{ label: 'leased', color: 'leased' }, { label: 'idle', color: 'idle' }] });
	#tiers = new TierTable();
	#sizes = new SizeChart();
	#noSizes = el('p', { class: 'card empty' }, 'No sizes were requested yet.');
	#advice = new Advice();
	#worth = new Worth();
	#leaks = new Leaks();

	constructor() {
		super(MISSES);
		this.#memory.element.dataset.section = 'memory';
		this.charts.push(this.#memory, this.#sizes);
		this.elements = [
			...this.top,
			el('div', { class: 'charts', 'data-section': 'traffic' }, ...this.traffic, this.#memory.element),
			this.changes,
			this.#tiers.element,
			el('div', { class: 'columns' }, el('div', { 'data-section': 'sizes' }, this.#sizes.element, this.#noSizes, this.#worth.element),
					el('div', {}, this.#advice.element)),
			this.#leaks.element,
			el('div', { class: 'columns' }, this.totals.element, this.settings.element)
		];
	}

	show({ answer, details, history, route: { pool, tier: size }, found, toLocal }) {
		const figures = { ...details, ...answer.pools[pool] };
		const tier = figures.tiers.find((each) => each.size === size);
		const ofPool = (each) => each.pools?.[pool];
		const of = tier ? (each) => ofPool(each)?.tiers.find((other) => other.size === size) : ofPool;
		this.showTraffic({
			title: tier ? `${pool}, tier of ${bytes(size)}` : pool,
			tags: [figures.memory, `policy ${figures.policy}`, figures.clear && `clear ${words(figures.clear)}`,
				figures.protection && figures.protection !== 'standard' && `protection ${figures.protection}`,
				figures.leakDetection && `leak detection ${figures.leakDetection}`],
			tiles: tiles({ history, of, figures: tier ?? figures, found, memory: tier ? bytesOfTier(tier) : bytesOfPool(figures) }),
			found, history, of, figures: tier ?? figures, changes: details?.changes, toLocal
		});
		this.#showMemory(history, figures, of, tier);
		this.#tiers.show(figures, history, ofPool, { pool, tier: tier?.size });
		this.#showSizes(figures);
		this.#advice.show(figures.advice);
		this.#worth.show(figures.worth);
		this.#leaks.show(figures.leaks, figures.leakDetection);
		this.totals.show(poolTotals(figures));
		this.settings.show(poolSettings(figures));
	}

	#showMemory(history, figures, of, tier) {
		const leased = (each) => tier ? each.leased * each.size : each.leasedBytes;
		const idle = (each) => tier ? each.idle * each.size : each.idleBytes;
		const levels = (pick) => history.levels((answer) => of(answer) && pick(of(answer)));
		this.#memory.update(history.times, [levels(leased), levels(idle)],
				[{ label: 'limit of the pool', value: tier ? undefined : figures.limitBytes, color: 'limit' }], this.changedAt);
	}

	#showSizes({ requestedSizes, recentSizes, advice, tiers }) {
		const buckets = requestedSizes ?? bucketsOf(recentSizes ?? []);
		const sizes = (each) => each.map(({ size }) => size);
		this.#sizes.element.hidden = buckets.length === 0;
		this.#noSizes.hidden = buckets.length > 0;
		if (buckets.length > 0) {
			this.#sizes.update(requestedSizes ? 'requests' : 'last requests', buckets, sizes(tiers),
					sizes(advice?.advised?.tiers ?? []));
		}
	}

}

const bytesOfPool = (figures) => ({ leased: figures.leasedBytes, idle: figures.idleBytes, used: figures.usedBytes,
	pending: figures.pendingBytes, limit: figures.limitBytes });

const bytesOfTier = ({ size, leased, idle, maxTotal }) => ({ leased: leased * size, idle: idle * size,
	limit: maxTotal === undefined ? undefined : maxTotal * size });
