import { acquisitions, hitRate } from './acquisitions.js';
import { bytes, count, duration, many, percent, rate, words } from './format.js';

/** The figures of a pool or tier that are looked at first; 'memory' is { leased, idle, used, pending, limit } in bytes. */
export function tiles(history, of, figures, memory) {
	const growth = (name) => history.growth((answer) => of(answer)?.[name]) ?? 0;
	const lately = history.growth((answer) => acquisitions(of(answer)));
	const ever = acquisitions(figures);
	const leaked = figures.leaked + (figures.oversizedLeaked ?? 0);
	const exhaustedNow = growth('exhausted') > 0 || figures.waiting > 0;
	return [
		{ name: 'Hit rate', value: percent(lately > 0 ? growth('hits') / lately : undefined),
			note: ever > 0 ? `${percent(hitRate(figures))} since the start` : 'nothing acquired yet' },
		{ name: 'Acquires per second', value: rate(history.rate((answer) => acquisitions(of(answer)))),
			note: `${count(ever)} since the start` },
		{ name: 'Leased', level: { value: figures.leased, limit: figures.maxTotal, format: count, color: 'leased' },
			note: `peak ${count(figures.peakLeased)}${figures.maxTotal === undefined ? '' : ', of max total'}` },
		{ name: 'Idle', level: { value: figures.idle, limit: figures.maxIdle, format: count, color: 'idle' },
			note: figures.maxIdle === undefined ? 'ready to be leased' : 'of max idle' },
		...(memory ? [memoryTile(memory)] : []),
		{ name: 'Exhausted', value: count(figures.exhausted), state: exhaustedNow ? 'bad' : undefined,
			note: figures.waiting > 0 ? `${count(figures.waiting)} waiting` : 'none waiting' },
		{ name: 'Leaked', value: count(leaked), state: leaked > 0 ? 'bad' : undefined,
			note: figures.doubleReleases === undefined ? 'lost without a release' : many(figures.doubleReleases, 'double release') }
	];
}

function memoryTile({ leased, idle, used = leased + idle, pending = 0, limit }) {
	return { name: 'Memory', level: { value: used, limit, format: bytes, color: 'memory' },
		note: `${bytes(leased)} leased, ${bytes(idle)} idle${pending > 0 ? `, ${bytes(pending)} not yet freed` : ''}` };
}

function commonTotals(figures) {
	return [
		{ name: 'Hits', id: 'hits', value: count(figures.hits) },
		{ name: 'Misses', id: 'misses', value: count(figures.misses) },
		{ name: 'Oversized', id: 'oversized', value: ifThere(figures.oversized) },
		{ name: 'Returned', id: 'returned', value: count(figures.returned) },
		{ name: 'Discarded', id: 'discarded', value: count(figures.discarded) },
		...Object.entries(figures.discardedBy ?? {})
			.map(([reason, number]) => ({ name: `– ${words(reason)}`, value: count(number) })),
		{ name: 'Exhausted', id: 'exhausted', value: count(figures.exhausted) },
		{ name: 'Leaked', id: 'leaked', value: count(figures.leaked) }
	];
}

export function poolTotals(figures) {
	return [...commonTotals(figures),
		{ name: 'Leaked, oversized', id: 'oversizedLeaked', value: count(figures.oversizedLeaked) },
		{ name: 'Double releases', id: 'doubleReleases', value: count(figures.doubleReleases) },
		{ name: 'Preallocated', id: 'preallocated', value: count(figures.preallocated) },
		{ name: 'Peak of leased', id: 'peakLeased', value: count(figures.peakLeased) }
	];
}

export function objectTotals(figures) {
	return [...commonTotals(figures),
		{ name: 'Double releases', id: 'doubleReleases', value: count(figures.doubleReleases) },
		{ name: 'Preallocated', id: 'prefilled', value: count(figures.prefilled) },
		{ name: 'Peak of leased', id: 'peakLeased', value: count(figures.peakLeased) }
	];
}

export function commonSettings(figures) {
	return [
		{ name: 'pooling', value: figures.pooling ? 'on' : 'off' },
		{ name: 'max-idle', value: figures.maxIdleGrows ? `${count(figures.maxIdle)}, grows` : ifThere(figures.maxIdle) },
		{ name: 'max-total', value: figures.tiers ? undefined : (ifThere(figures.maxTotal) ?? 'unlimited') },
		{ name: 'policy', value: figures.policy },
		{ name: 'max-wait', value: figures.maxWait && duration(figures.maxWait) },
		{ name: 'clear', value: figures.clear && words(figures.clear) },
		{ name: 'idle-timeout', value: figures.idleTimeout && duration(figures.idleTimeout) },
		{ name: 'leak-detection', value: figures.leakDetection }
	];
}

export function poolSettings(figures) {
	return [
		{ name: 'memory', value: figures.memory },
		...commonSettings(figures),
		{ name: 'limit', value: figures.limitBytes === undefined ? 'unlimited' : bytes(figures.limitBytes) },
		{ name: 'tiers', value: figures.tiers.map(({ size }) => bytes(size)).join(', ') }
	];
}

function ifThere(value) {
	return (value === undefined) ? undefined : count(value);
}
