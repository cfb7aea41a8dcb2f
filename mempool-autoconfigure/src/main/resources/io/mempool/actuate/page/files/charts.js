import { el, reconcile, setAttribute, setText } from './dom.js';
import { bytes, clock, count, rate } from './format.js';
import { Table } from './table.js';
import uPlot from './uplot.js';

/** What is shown along an axis: how values are written, and in which steps. */
export const RATE = { format: rate };
export const COUNT = { format: count, steps: [1, 2, 5].flatMap((step) => Array.from({ length: 10 }, (_, i) => step * 10 ** i))
	.sort((a, b) => a - b) };
export const BYTES = { format: bytes, steps: Array.from({ length: 50 }, (_, i) => 2 ** i) };

/** What the charts show at least, and at most how many rows their tables have. */
const SECONDS = 60;
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
				el('figcaption', {}, el('h3', {}, title), this.#legend), this.#box, this.#details);
		this.#observer = new ResizeObserver(() => this.#resize());
		this.#observer.observe(this.#box);
		charts.add(this);
	}

	/** Shows data, made by the chart's own options. */
	show({ data, rows, label, legend }) {
		this.#shown = { data, rows, legend };
		setAttribute(this.#box, 'aria-label', label);
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
		reconcile(this.#legend, this.#shown.legend(index), (item) => item.label, ({ label, mark }) => {
			const value = el('b');
			return {
				element: el('li', {}, ...(mark ? [el('i', { class: `mark ${mark}` })] : []), `${label} `, value),
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
 * Figures over time. Each series has a label and the name of its colour; stacked series lie
 * upon each other. Marks are limits, drawn as dashed lines where they are near.
 */
export class TimeChart extends Chart {

	#series;
	#unit;
	#stacked;
	#marks = [];

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
		const series = this.#series.map(({ color: name, fill }) => ({
			stroke: () => color(name),
			fill: (fill && !this.#stacked) ? () => color(`${name}-soft`) : undefined,
			width: 1.5,
			points: { show: false }
		}));
		const bands = this.#stacked ? this.#series.map(({ color: name }, index) => ({
			series: [index + 1, index > 0 ? index : zero], fill: () => color(`${name}-soft`) })) : [];
		return {
			padding: [8, 26, 0, 0],
			cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 }, sync: { key: 'time' } },
			scales: {
				x: { time: true, range: (plot, min, max) => [Math.min(min, max - SECONDS), max] },
				y: { range: (plot, min, max) => [0, this.#top(max)] }
			},
			axes: [
				axis({ space: 70, size: 26, values: (plot, splits) => splits.map(clock) }),
				axis({ space: 32, size: 58, values: (plot, splits) => splits.map(this.#unit.format),
					incrs: this.#unit.steps })
			],
			series: [{}, ...series, ...(this.#stacked ? [{ show: true, width: 0, points: { show: false } }] : [])],
			bands,
			hooks: { draw: [(plot) => this.#drawMarks(plot)] }
		};
	}

	/** Shows columns of values, one per series, at the times; and marks: { label, value, color }. */
	update(times, columns, marks = []) {
		this.#marks = marks.filter(({ value }) => value !== undefined);
		const last = times.length - 1;
		const shown = this.#stacked ? [...pile(columns), times.map(() => 0)] : columns;
		const at = (index) => columns.map((column) => column[index]);
		const now = this.#series.map(({ label }, i) => `${label} ${this.#unit.format(columns[i][last])}`);
		const limits = this.#marks.map(({ label, value }) => `${label} ${this.#unit.format(value)}`);
		this.show({
			data: [times, ...shown],
			label: `Over time. Now: ${[...now, ...limits].join(', ')}.`,
			rows: () => times.map((time, index) => ({ at: time, values: at(index) })).reverse().slice(0, ROWS),
			legend: (index = last) => [
				...this.#series.map((series, i) => ({ label: series.label, mark: series.color,
					value: this.#unit.format(columns[i][index]) })),
				...this.#marks.map(({ label, value, color: name }) => ({ label, mark: `dashed ${name}`,
					value: this.#unit.format(value) }))
			]
		});
	}

	#top(max) {
		const highest = Math.max(max ?? 0, 1);
		return 1.08 * this.#marks.reduce((top, { value }) => (value <= 4 * highest) ? Math.max(top, value) : top, highest);
	}

	#drawMarks(plot) {
		const { ctx, bbox } = plot;
		ctx.save();
		ctx.lineWidth = uPlot.pxRatio;
		ctx.setLineDash([5 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
		for (const { value, color: name } of this.#marks) {
			if (value <= plot.scales.y.max) {
				const y = plot.valToPos(value, 'y', true);
				ctx.strokeStyle = color(name);
				ctx.beginPath();
				ctx.moveTo(bbox.left, y);
				ctx.lineTo(bbox.left + bbox.width, y);
				ctx.stroke();
			}
		}
		ctx.restore();
	}

}

/** Adds to each column those before it. */
function pile(columns) {
	return columns.map((column, upTo) => column.map((value, index) => (value === null) ? null
		: columns.slice(0, upTo + 1).reduce((sum, each) => sum + each[index], 0)));
}
