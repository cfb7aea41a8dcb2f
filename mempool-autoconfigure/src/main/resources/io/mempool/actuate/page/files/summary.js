import { acquisitions, hitRate } from './acquisitions.js';
import { bytes, count, isoDuration, many, percent, words } from './format.js';
import { trafficOf } from './traffic.js';

/** The figures of a pool or tier that are looked at first; 'memory' is { leased, idle, used, pending, limit } in bytes. */
export function tiles({ history, of, figures, found, memory }) {
	const traffic = trafficOf(history, of);
	const ever = acquisitions(figures);
	const leaked = figures.leaked + (figures.oversizedLeaked ?? 0);
	const state = (section) => found.some((finding) => finding.severity === 'bad' && finding.section === section) ? 'bad' : undefined;
	return [
		{ name: 'Acquires per second', value: traffic.quiet ? '0' : traffic.rate,
			note: `${traffic.quiet ? traffic.silence : 'mean of the last 10 s'}; ${count(ever)} since the start` },
		{ name: 'Hit rate', value: traffic.hitRate, note: ever > 0 ? `${traffic.quiet ? '' : 'in the last minute; '}${
			percent(hitRate(figures))} since the start` : 'nothing acquired yet' },
		{ name: 'Leased', level: { value: figures.leased, limit: figures.maxTotal, format: count, color: 'leased' },
			note: `sampled${figures.maxTotal === undefined ? '' : ', of max total'}; peak ${count(figures.peakLeased)}` },
		{ name: 'Idle', level: { value: figures.idle, limit: figures.maxIdle, format: count, color: 'idle' },
			note: `sampled${figures.maxIdle === undefined ? '' : ', of max idle'}` },
		...(memory ? [memoryTile(memory)] : []),
		{ name: 'Exhausted', value: count(figures.exhausted), state: state('traffic'),
			note: figures.waiting > 0 ? `${many(figures.waiting, 'thread')} waiting` : 'since the start; none waiting' },
		{ name: 'Leaked', value: count(leaked), state: state('leaks'),
			note: `since the start${figures.doubleReleases === undefined ? '' : `; ${many(figures.doubleReleases, 'double release')}`}` }
	];
}

function memoryTile({ leased, idle, used = leased + idle, pending = 0, limit }) {
	return { name: 'Memory', level: { value: used, limit, format: bytes, color: 'memory', showLimit: false },
		note: `${limit === undefined ? 'sampled' : `sampled, of ${bytes(limit)}`}; ${bytes(leased)} leased, ${bytes(idle)} idle${
			pending > 0 ? `, ${bytes(pending)} not yet freed` : ''}` };
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
		{ name: 'Preallocated', id: 'preallocated', value: count(figures.preallocated) },
		{ name: 'Peak of leased', id: 'peakLeased', value: count(figures.peakLeased) }
	];
}

export function commonSettings(figures) {
	return [
		{ name: 'pooling', value: figures.pooling ? 'on' : 'off' },
		{ name: 'max-idle', value: figures.maxIdleGrows ? `${count(figures.maxIdle)}, grows` : ifThere(figures.maxIdle) },
		{ name: 'max-total', value: figures.tiers ? undefined : (ifThere(figures.maxTotal) ?? 'unlimited') },
		{ name: 'policy', value: figures.policy },
		{ name: 'max-wait', value: figures.maxWait && isoDuration(figures.maxWait) },
		{ name: 'clear', value: figures.clear && words(figures.clear) },
		{ name: 'protection', value: figures.protection },
		{ name: 'idle-timeout', value: figures.idleTimeout && isoDuration(figures.idleTimeout) },
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
