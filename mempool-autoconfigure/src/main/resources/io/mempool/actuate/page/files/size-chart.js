import { axis, Chart, color, font } from './charts.js';
import { bytes, compact, count, percent } from './format.js';
import uPlot from './uplot.js';

/**
 * Which sizes were requested: buckets { from, to, count } on a scale of powers of two, with the tiers drawn into it.
 */
export class SizeChart extends Chart {

	#buckets = [];
	#tiers = [];
	#advised = [];

	constructor() {
		super({ title: 'Requested sizes', height: 220, className: 'wide', columns: [
			{ title: 'Bytes', header: true, value: ({ from, to }) => range(from, to) },
			{ title: 'Requests', number: true, value: (bucket) => count(bucket.count) },
			{ title: 'Share', number: true, value: (bucket) => percent(bucket.count / this.#total) },
			{ title: 'Tier', number: true, value: ({ to }) => this.#tierOf(to) }
		] });
	}

	/** Shows what the buckets, in ascending order, count; the sizes of the tiers, and of those that would be better. */
	update(what, buckets, tiers, advised) {
		this.#buckets = buckets;
		this.#tiers = tiers;
		this.#advised = advised.filter((size) => !tiers.includes(size));
		const beyond = this.#sum(buckets.filter(({ to }) => this.#tierOf(to) === 'none'));
		this.show({
			data: [buckets.map(middle), buckets.map((bucket) => bucket.count)],
			label: `${count(this.#total)} ${what} by size, tiers at ${tiers.map(bytes).join(', ')}.`,
			rows: () => buckets,
			legend: (index) => {
				const bucket = buckets[index];
				return [
					bucket ? { label: range(bucket.from, bucket.to), mark: 'requests',
						value: `${count(bucket.count)}, ${percent(bucket.count / this.#total)}` }
						: { label: what, mark: 'requests', value: count(this.#total) },
					{ label: 'tiers', mark: 'tier', value: count(tiers.length) },
					this.#advised.length > 0 && { label: 'advised', mark: 'dashed advised', value: count(advised.length) },
					beyond > 0 && { label: 'beyond the largest tier', mark: 'oversized', value: percent(beyond / this.#total) }
				].filter(Boolean);
			}
		});
	}

	options() {
		return {
			padding: [() => (this.#advised.length > 0) ? 36 : 22, 20, 0, 0],
			cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
			scales: {
				x: { time: false, distr: 3, log: 2, range: () => this.#range() },
				y: { range: (plot, min, max) => [0, 1.08 * Math.max(max ?? 0, 1)] }
			},
			axes: [
				axis({ size: 26, splits: (plot) => powers(...this.#range(), plot.bbox.width / uPlot.pxRatio / 56),
					values: (plot, splits) => splits.map(bytes), filter: (plot, splits) => splits }),
				axis({ space: 36, size: 58, values: (plot, splits) => splits.map(compact) })
			],
			series: [{}, { fill: () => color('requests'), width: 0, points: { show: false },
				paths: (plot, series, first, last) => this.#bars(plot, first, last) }],
			hooks: { drawAxes: [(plot) => this.#drawBeyond(plot)], draw: [(plot) => this.#drawTiers(plot)] }
		};
	}

	get #total() {
		return this.#sum(this.#buckets);
	}

	#sum(buckets) {
		return buckets.reduce((sum, bucket) => sum + bucket.count, 0);
	}

	#tierOf(size) {
		const tier = this.#tiers.find((each) => each >= size);
		return (tier === undefined) ? 'none' : bytes(tier);
	}

	/** Whole powers of two around everything there is. */
	#range() {
		const sizes = [...this.#tiers, ...this.#advised];
		const smallest = Math.max(1, Math.min(this.#buckets[0]?.from ?? Infinity, ...sizes));
		const largest = Math.max(this.#buckets.at(-1)?.to ?? 1, ...sizes);
		return [2 ** Math.floor(Math.log2(smallest) - 0.01), 2 ** Math.ceil(Math.log2(largest) + 0.01)];
	}

	#bars(plot, first, last) {
		const fill = new Path2D();
		const bottom = plot.valToPos(0, 'y', true);
		for (const bucket of this.#buckets.slice(first, last + 1)) {
			const left = plot.valToPos(Math.max(bucket.from, 0.75), 'x', true);
			const right = plot.valToPos(bucket.to + 1, 'x', true);
			const top = plot.valToPos(bucket.count, 'y', true);
			fill.rect(left, top, Math.max(right - left - uPlot.pxRatio, uPlot.pxRatio), bottom - top);
		}
		return { fill };
	}

	/** Shades what no tier serves. */
	#drawBeyond(plot) {
		const { ctx, bbox } = plot;
		const left = plot.valToPos(this.#tiers.at(-1) ?? 1, 'x', true);
		ctx.save();
		ctx.fillStyle = color('oversized-soft');
		ctx.fillRect(left, bbox.top, bbox.left + bbox.width - left, bbox.height);
		ctx.restore();
	}

	#drawTiers(plot) {
		const { ctx } = plot;
		ctx.save();
		ctx.font = `${11 * uPlot.pxRatio}px ${font().split('px ')[1]}`;
		ctx.lineWidth = 1.5 * uPlot.pxRatio;
		ctx.textAlign = 'center';
		ctx.textBaseline = 'bottom';
		this.#drawLines(plot, this.#tiers, 'tier', [], 4);
		this.#drawLines(plot, this.#advised, 'advised', [4, 3], 18);
		ctx.restore();
	}

	/** Draws lines with the sizes above, but for those without room. */
	#drawLines(plot, sizes, name, dash, above) {
		const { ctx, bbox } = plot;
		ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
		ctx.strokeStyle = ctx.fillStyle = color(name);
		let free = 0;
		for (const size of sizes) {
			const x = plot.valToPos(size, 'x', true);
			ctx.beginPath();
			ctx.moveTo(x, bbox.top);
			ctx.lineTo(x, bbox.top + bbox.height);
			ctx.stroke();
			const half = ctx.measureText(bytes(size)).width / 2;
			if (x - half > free) {
				ctx.fillText(bytes(size), Math.min(x, plot.ctx.canvas.width - half), bbox.top - above * uPlot.pxRatio);
				free = x + half + 4 * uPlot.pxRatio;
			}
		}
	}

}

/** Puts sizes into buckets of at most 6.25 % of the size, which end where tiers of powers of two do. */
export function bucketsOf(sizes) {
	const buckets = new Map();
	for (const size of sizes) {
		const below = Math.max(size - 1, 0);
		const width = Math.max(1, 2 ** (Math.floor(Math.log2(Math.max(below, 1))) - 4));
		const from = Math.floor(below / width) * width + 1;
		const bucket = buckets.get(from) ?? { from, to: from + width - 1, count: 0 };
		bucket.count++;
		buckets.set(from, bucket);
	}
	return [...buckets.values()].sort((a, b) => a.from - b.from);
}

function middle({ from, to }) {
	return Math.max(0.75, (from + to + 1) / 2);
}

function range(from, to) {
	return (from === to) ? count(from) : `${count(from)} – ${count(to)}`;
}

/** Powers of two from one to another, no more than there is room for. */
function powers(from, to, room) {
	const first = Math.log2(from);
	const number = Math.log2(to) - first + 1;
	const step = Math.max(1, Math.ceil(number / room));
	return Array.from({ length: Math.ceil(number / step) }, (_, i) => 2 ** (first + i * step));
}
