import { acquisitions } from './acquisitions.js';
import { duration, NONE, percent, rate } from './format.js';

/** A minute is what is called lately; a rate of less than some answers would be another one each time. */
const LATELY = 60;
const MEAN = 10;

/** What came lately to a pool or tier, whose figures 'of' finds in an answer. */
export function trafficOf(history, of) {
	const growth = (seconds, pick) => history.growthWithin(seconds, (answer) => of(answer) && pick(of(answer)));
	const acquires = growth(LATELY, acquisitions);
	const watched = history.watched(LATELY);
	const mean = history.watched(MEAN);
	const perSecond = (pick) => mean > 0 ? growth(MEAN, pick) / mean : undefined;
	return {
		/** Whether it is known that there is no traffic. */
		quiet: watched > 0 && acquires === 0,
		/** Where there is none: for how long. */
		silence: `No traffic in the last ${watched >= LATELY - 1 ? 'minute' : duration(watched)}`,
		rate: rate(perSecond(acquisitions)),
		misses: rate(perSecond(({ misses, oversized = 0 }) => misses + oversized)),
		hitRate: acquires > 0 ? percent(growth(LATELY, ({ hits }) => hits) / acquires) : NONE
	};
}
