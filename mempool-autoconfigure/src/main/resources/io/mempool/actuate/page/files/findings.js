import { acquisitions } from './acquisitions.js';
import { bytes, many, percent } from './format.js';

/** A minute: what happened before is history. */
const RECENT = 60;

/**
 * What is wrong with a pool, or could be better: a list of { severity, text }. Figures are those of a pool of buffers or
 * of objects, 'growth' tells by how much one of its totals grew in the last minute.
 */
export function findings(figures, growth = () => 0) {
	const found = [];
	const add = (severity, text) => found.push({ severity, text });
	const acquires = acquisitions(figures);
	const leaked = figures.leaked + (figures.oversizedLeaked ?? 0);
	if (figures.doubleReleases > 0) {
		add('bad', `${many(figures.doubleReleases, 'double release')}: something releases what it no longer owns.`);
	}
	if (leaked > 0) {
		add('bad', `${many(leaked, 'lease was', 'leases were')} lost without a release.`);
	}
	const exhausted = growth('exhausted');
	if (exhausted > 0) {
		add('bad', `Exhausted: ${many(exhausted, 'acquire')} got nothing in the last minute.`);
	}
	if (figures.waiting > 0) {
		add('warning', `${many(figures.waiting, 'thread is waiting', 'threads are waiting')} for a return.`);
	}
	if (!figures.pooling) {
		add('warning', 'Pooling is off: everything is created anew.');
	}
	if (figures.limitBytes && figures.usedBytes >= 0.9 * figures.limitBytes) {
		add('warning', `${percent(figures.usedBytes / figures.limitBytes)} of the limit of ${bytes(figures.limitBytes)} is used.`);
	}
	const full = figures.discardedBy?.full ?? 0;
	if (figures.pooling && full > 100 && full > figures.returned / 4) {
		add('warning', `${percent(full / figures.returned)} of what came back was discarded: max-idle is too small for how many`
			+ ' are in use at once.');
	}
	if (figures.oversized > 0 && figures.oversized > acquires / 20) {
		add('warning', `${percent(figures.oversized / acquires)} of acquires are larger than the largest tier, and not pooled.`);
	}
	return found;
}

/** The recent growth of the totals of a pool, as its findings want it. */
export function growthOf(history, pool) {
	return (name) => history.growthWithin(RECENT, (answer) => pool(answer)?.[name]);
}
