import { axis, Chart, color, font } from './charts.js';
import { bytes, compact, count, percent } from './format.js';
import uPlot from './uplot.js';

/** How wide a bar is at least, and a line of a tier: no line hides a bar. */
const BAR = 6;
const LINE = 1.5;

/** Where the sizes of tiers stand above the chart, and those of advised tiers: in lanes of their own. */
const LANES = { tiers: 5, advised: 20 };

/**
 * Which sizes were requested: buckets { from, to, count } on a scale of powers of two, with the tiers drawn into it. The
 * height of a bar is the square root of its count, so that what is rare can be seen beside what is frequent.
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
			data: [buckets.map(middle), buckets.map((bucket) => Math.sqrt(bucket.count))],
			note: 'square-root scale',
			label: `${count(this.#total)} ${what} by size, tiers at ${tiers.map(bytes).join(', ')}.`,
			rows: () => buckets,
			legend: (index) => {
				const bucket = buckets[index];
				return [
					bucket ? { label: range(bucket.from, bucket.to), mark: 'block requests',
						value: `${count(bucket.count)}, ${percent(bucket.count / this.#total)}` }
						: { label: what, mark: 'block requests', value: count(this.#total) },
					{ label: 'tiers', mark: 'upright tier', value: count(tiers.length) },
					this.#advised.length > 0 && { label: 'advised tiers', mark: 'upright advised', line: 'dashed', value: count(advised.length) },
					beyond > 0 && { label: 'oversized: beyond the largest tier', mark: 'block oversized', value: percent(beyond / this.#total) }
				].filter(Boolean);
			}
		});
	}

	options() {
		return {
			padding: [() => (this.#advised.length > 0) ? 38 : 22, 20, 0, 0],
			cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
			scales: {
				x: { time: false, distr: 3, log: 2, range: () => this.#range() },
				y: { range: (plot, min, max) => [0, 1.08 * Math.max(max ?? 0, 1)] }
			},
			axes: [
				axis({ size: 26, splits: (plot) => powers(...this.#range(), plot.bbox.width / uPlot.pxRatio / 56),
					values: (plot, splits) => splits.map(bytes), filter: (plot, splits) => splits }),
				axis({ size: 58, splits: (plot) => roots(plot.scales.y.max, plot.bbox.height / uPlot.pxRatio / 22),
					values: (plot, splits) => splits.map((root) => compact(Math.round(root * root))) })
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
			const top = Math.min(plot.valToPos(Math.sqrt(bucket.count), 'y', true), bottom - 3 * uPlot.pxRatio);
			const width = Math.max(right - left - uPlot.pxRatio, BAR * uPlot.pxRatio);
			fill.rect((left + right - width) / 2, top, width, bottom - top);
		}
		return { fill };
	}

	/** Shades what no tier serves. */
	#drawBeyond(plot) {
		const { ctx, bbox } = plot;
		const left = plot.valToPos(this.#tiers.at(-1) ?? 1, 'x', true);
		ctx.save();
		ctx.fillStyle = color('oversized-soft');
		const width = bbox.left + bbox.width - left;
		ctx.fillRect(left, bbox.top, width, bbox.height);
		ctx.font = scaledFont();
		ctx.fillStyle = color('oversized');
		ctx.textAlign = 'left';
		ctx.textBaseline = 'top';
		if (ctx.measureText('oversized').width + 8 * uPlot.pxRatio < width) {
			ctx.fillText('oversized', left + 5 * uPlot.pxRatio, bbox.top + 4 * uPlot.pxRatio);
		}
		ctx.restore();
	}

	#drawTiers(plot) {
		const { ctx } = plot;
		ctx.save();
		ctx.font = scaledFont();
		ctx.lineWidth = LINE * uPlot.pxRatio;
		ctx.textBaseline = 'bottom';
		this.#drawLines(plot, this.#tiers, 'tier', [], LANES.tiers, 'tiers');
		this.#drawLines(plot, this.#advised, 'advised', [4, 3], LANES.advised, 'advised');
		ctx.restore();
	}

	/** Draws lines with the sizes in a lane above, but for those without room, and the name of the lane beside it. */
	#drawLines(plot, sizes, name, dash, above, lane) {
		const { ctx, bbox } = plot;
		const y = bbox.top - above * uPlot.pxRatio;
		ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
		ctx.strokeStyle = ctx.fillStyle = color(name);
		ctx.textAlign = 'left';
		if (sizes.length > 0) {
			ctx.fillText(lane, 0, y);
		}
		ctx.textAlign = 'center';
		let free = ctx.measureText(lane).width + 6 * uPlot.pxRatio;
		for (const size of sizes) {
			const x = plot.valToPos(size, 'x', true);
			ctx.beginPath();
			ctx.moveTo(x, bbox.top);
			ctx.lineTo(x, bbox.top + bbox.height);
			ctx.stroke();
			const half = ctx.measureText(bytes(size)).width / 2;
			if (x - half > free) {
				ctx.fillText(bytes(size), Math.min(x, plot.ctx.canvas.width - half), y);
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

function scaledFont() {
	return `${11 * uPlot.pxRatio}px ${font().split('px ')[1]}`;
}

/** The square roots of round counts up to the highest, as many as there is room for. */
function roots(highest, room) {
	const counts = Array.from({ length: 15 }, (_, i) => [1, 2, 5].map((digit) => digit * 10 ** i)).flat();
	const shown = [0];
	for (const root of counts.map(Math.sqrt)) {
		if (root <= highest && root - shown.at(-1) >= highest / room) {
			shown.push(root);
		}
	}
	return shown;
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
