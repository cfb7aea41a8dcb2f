import { el, reconcile, setAttribute, setText } from './dom.js';
import { bytes, clock, count, duration, many, rate } from './format.js';
import { Table } from './table.js';
import uPlot from './uplot.js';

/** What is shown along an axis: how values are written, and in which steps. */
export const RATE = { format: rate };
export const COUNT = { format: count, steps: [1, 2, 5].flatMap((step) => Array.from({ length: 10 }, (_, i) => step * 10 ** i))
	.sort((a, b) => a - b) };
export const BYTES = { format: bytes, steps: Array.from({ length: 50 }, (_, i) => 2 ** i) };

/** What the charts show at least, and at most how many rows their tables have. */
const SECONDS = 2;
const ROWS = 30;

const style = getComputedStyle(document.documentElement);

/** A colour of the style sheet, asked for again whenever something is drawn: light and dark change while it runs. */
export function color(name) {
	return style.getPropertyValue(`--${name}`).trim();
}

export function font() {
	return `11px ${style.fontFamily}`;
}

/** What all axes look like. */
export function axis(options) {
	return { stroke: () => color('muted'), font: font(), grid: { stroke: () => color('grid'), width: 1 },
		ticks: { show: false }, ...options };
}

const charts = new Set();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach((chart) => chart.redraw()));

/**
 * A chart with what belongs to it: title, legend, and a table of the same figures for users that cannot see it.
 */
export class Chart {

	#plot;
	#box;
	#legend;
	#note = el('span', { class: 'note' });
	#table;
	#details;
	#observer;
	#shown;

	constructor({ title, height, columns, className = '' }) {
		this.height = height;
		this.#box = el('div', { class: 'plot', role: 'img' });
		this.#legend = el('ul', { class: 'legend' });
		this.#table = new Table(title, columns);
		this.#details = el('details', { toggle: () => this.#fillTable() }, el('summary', {}, 'Table'),
				el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}, table` },
						this.#table.element));
		this.element = el('figure', { class: `card chart ${className}` },
				el('figcaption', {}, el('h3', {}, title), this.#note, this.#legend), this.#box, this.#details);
		this.#observer = new ResizeObserver(() => this.#resize());
		this.#observer.observe(this.#box);
		charts.add(this);
	}

	/** Shows data, made by the chart's own options, and what to know of it. */
	show({ data, rows, label, legend, note }) {
		this.#shown = { data, rows, legend };
		setAttribute(this.#box, 'aria-label', label);
		setText(this.#note, note);
		if (this.#plot) {
			this.#plot.setData(data);
		}
		else {
			this.#resize();
		}
		this.#fillLegend();
		this.#fillTable();
	}

	redraw() {
		this.#plot?.redraw(true, true);
	}

	destroy() {
		this.#observer.disconnect();
		this.#plot?.destroy();
		charts.delete(this);
	}

	#resize() {
		const width = Math.floor(this.#box.clientWidth);
		if (width === 0 || !this.#shown) {
			return;
		}
		if (this.#plot) {
			this.#plot.setSize({ width, height: this.height });
			return;
		}
		const options = this.options();
		this.#plot = new uPlot({ width, height: this.height, legend: { show: false }, ...options,
			hooks: { ...options.hooks, setCursor: [() => this.#fillLegend()] } }, this.#shown.data, this.#box);
	}

	#fillLegend() {
		const index = this.#plot?.cursor.idx ?? undefined;
		reconcile(this.#legend, this.#shown.legend(index), (item) => item.label, ({ label, mark, line = 'solid' }) => {
			const value = el('b');
			return {
				element: el('li', {}, ...(mark ? [el('i', { class: `mark ${mark}`, 'data-line': line })] : []), `${label} `, value),
				update: (item) => setText(value, item.value)
			};
		});
	}

	#fillTable() {
		if (this.#details.open && this.#shown) {
			this.#table.show(this.#shown.rows());
		}
	}

}

/**
 * Figures over time, as long as there are any. Each series has a label and the name of its colour, and may have dashes, as
 * colours alone do not tell it from others; stacked series lie upon each other. Marks are limits, drawn as dashed lines
 * where they are near. Changes of settings are drawn as upright lines.
 */
export class TimeChart extends Chart {

	#series;
	#unit;
	#stacked;
	#marks = [];
	#changes = [];
	#first = 0;

	constructor({ title, series, unit, height = 150, stacked = false, className }) {
		super({ title, height, className, columns: [
			{ title: 'Time', header: true, value: (row) => clock(row.at) },
			...series.map(({ label }, index) => ({ title: label, number: true, value: (row) => unit.format(row.values[index]) }))
		] });
		this.#series = series;
		this.#unit = unit;
		this.#stacked = stacked;
	}

	options() {
		const zero = this.#series.length + 1;
		const series = this.#series.map(({ color: name, fill, dash }) => ({
			stroke: () => color(name),
			fill: (fill && !this.#stacked) ? () => color(`${name}-soft`) : undefined,
			width: 2,
			dash,
			points: { show: false }
		}));
		const bands = this.#stacked ? this.#series.map(({ color: name }, index) => ({
			series: [index + 1, index > 0 ? index : zero], fill: () => color(`${name}-soft`) })) : [];
		return {
			padding: [8, 26, 0, 0],
			cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 }, sync: { key: 'time' } },
			scales: {
				x: { time: true, range: (plot, min, max) => this.#span(plot.data[0][this.#first] ?? min, max) },
				y: { range: (plot, min, max) => [0, this.#top(max)] }
			},
			axes: [
				axis({ space: 70, size: 26, values: (plot, splits) => splits.map(clock) }),
				axis({ space: 32, size: 58, values: (plot, splits) => splits.map(this.#unit.format),
					incrs: this.#unit.steps })
			],
			series: [{}, ...series, ...(this.#stacked ? [{ show: true, width: 0, points: { show: false } }] : [])],
			bands,
			hooks: { draw: [(plot) => this.#drawMarks(plot), (plot) => this.#drawChanges(plot)] }
		};
	}

	/**
	 * Shows columns of values, one per series, at the times; marks, { label, value, color, dash }; and the times at which
	 * settings were changed.
	 */
	update(times, columns, marks = [], changes = []) {
		this.#marks = marks.filter(({ value }) => value !== undefined);
		const last = times.length - 1;
		// A rate takes two answers
		this.#first = (last > 0 && columns.every(([value]) => value === null)) ? 1 : 0;
		this.#changes = changes.filter((at) => at >= times[0] && at <= times[last]);
		const changed = this.#changes.length;
		const shown = this.#stacked ? [...pile(columns), times.map(() => 0)] : columns;
		const at = (index) => columns.map((column) => column[index]);
		const now = this.#series.map(({ label }, i) => `${label} ${this.#unit.format(columns[i][last])}`);
		const limits = this.#marks.map(({ label, value }) => `${label} ${this.#unit.format(value)}`);
		this.show({
			data: [times, ...shown],
			note: last > 0 ? `last ${duration(times[last] - times[this.#first])}` : 'from the next answer on',
			label: `Over time. Now: ${[...now, ...limits].join(', ')}.${changed > 0 ? ` Settings changed at ${
				this.#changes.map(clock).join(', ')}.` : ''}`,
			rows: () => times.map((time, index) => ({ at: time, values: at(index) })).reverse().slice(0, ROWS),
			legend: (index = last) => [
				...this.#series.map((series, i) => ({ label: series.label, mark: series.color, line: lineOf(series.dash),
					value: this.#unit.format(columns[i][index]) })),
				...this.#marks.map(({ label, value, color: name, dash }) => ({ label, mark: `limit-line ${name}`, line: lineOf(dash ?? LIMIT),
					value: this.#unit.format(value) })),
				...(changed > 0 ? [{ label: 'settings changed', mark: 'upright change', value: many(changed, 'time') }] : [])
			]
		});
	}

	/** From the first value to the last: the values fill the chart. */
	#span(first, last) {
		return [first, Math.max(last, first + SECONDS)];
	}

	#top(max) {
		const highest = Math.max(max ?? 0, 1);
		return 1.08 * this.#marks.reduce((top, { value }) => (value <= 4 * highest) ? Math.max(top, value) : top, highest);
	}

	#drawMarks(plot) {
		const { ctx, bbox } = plot;
		ctx.save();
		ctx.lineWidth = uPlot.pxRatio;
		for (const { value, color: name, dash = LIMIT } of this.#marks) {
			if (value <= plot.scales.y.max) {
				const y = plot.valToPos(value, 'y', true);
				ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
				ctx.strokeStyle = color(name);
				ctx.beginPath();
				ctx.moveTo(bbox.left, y);
				ctx.lineTo(bbox.left + bbox.width, y);
				ctx.stroke();
			}
		}
		ctx.restore();
	}

	/** Draws a line with a triangle on top for each change. */
	#drawChanges(plot) {
		const { ctx, bbox } = plot;
		const unit = uPlot.pxRatio;
		ctx.save();
		ctx.strokeStyle = ctx.fillStyle = color('change');
		ctx.lineWidth = 1.5 * unit;
		for (const at of this.#changes) {
			const x = plot.valToPos(at, 'x', true);
			ctx.beginPath();
			ctx.moveTo(x, bbox.top);
			ctx.lineTo(x, bbox.top + bbox.height);
			ctx.stroke();
			ctx.beginPath();
			ctx.moveTo(x - 5 * unit, bbox.top - 7 * unit);
			ctx.lineTo(x + 5 * unit, bbox.top - 7 * unit);
			ctx.lineTo(x, bbox.top);
			ctx.fill();
		}
		ctx.restore();
	}

}

/** How the line of a limit is drawn. */
const LIMIT = [5, 4];

/** What the dashes of a line are called in the style sheet. */
function lineOf(dash) {
	return !dash ? 'solid' : (dash[0] < 3) ? 'dotted' : 'dashed';
}

/** Adds to each column those before it. */
function pile(columns) {
	return columns.map((column, upTo) => column.map((value, index) => (value === null) ? null
		: columns.slice(0, upTo + 1).reduce((sum, each) => sum + each[index], 0)));
}
