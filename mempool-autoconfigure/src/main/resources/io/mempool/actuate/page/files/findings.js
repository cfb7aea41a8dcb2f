import { acquisitions } from './acquisitions.js';
import { bytes, clock, count, instant, many, percent } from './format.js';

/** A minute: what a rate is about. Ten minutes: for how long what should never happen is a problem. */
const RECENT = 60;
const LATELY = 600;

/** For how long a condition has to hold before it is worth a notice: what comes and goes is how a pool works. */
const LASTING = 10;

/** Which share of a limit or budget is nearly all of it. */
const NEARLY = 0.9;

const ORDER = ['bad', 'warning', 'note'];

/**
 * What is wrong with the pools, or could be better. A finding has a severity, a text, since when, what to do, and where it
 * shows: { severity, subject, text, since, todo, pool, tier, section }. What is over ages: a problem becomes a note.
 */
export class Findings {

	#history;
	#watch;

	constructor(history, watch) {
		this.#history = history;
		this.#watch = watch;
	}

	/** Returns all findings of an answer that came at a time, and those of each pool: { all, of }. */
	find(answer, at, toLocal) {
		this.#watch.begin(at);
		const found = [];
		const context = { at, toLocal, add: (finding) => found.push(finding) };
		for (const [key, title] of [['heap', 'heap'], ['offHeap', 'off-heap']]) {
			this.#findBudget(answer, key, title, context);
		}
		const of = new Map();
		const pools = [...Object.entries(answer.pools).map(([name, figures]) => [name, figures, (each) => each.pools[name]]),
			...Object.entries(answer.objects ?? {}).map(([name, figures]) => [name, figures, (each) => each.objects?.[name]])];
		for (const [name, figures, ofPool] of pools) {
			const start = found.length;
			this.#findPool(name, figures, ofPool, answer.budget, context);
			of.set(name, sorted(found.slice(start)));
		}
		return { all: sorted(found), of };
	}

	#findBudget(answer, key, title, { at, add }) {
		const { usedBytes, limitBytes } = answer.budget?.[key] ?? {};
		const idle = Object.values(answer.pools).filter(({ memory }) => memory === title)
			.reduce((sum, { idleBytes }) => sum + idleBytes, 0);
		const used = usedBytes - idle;
		const since = this.#watch.condition(`budget ${key}`, limitBytes && used >= NEARLY * limitBytes, at);
		if (since !== undefined) {
			add({ severity: 'warning', subject: `${title} budget`, since: this.#from(since),
				text: `${percent(used / limitBytes)} of the budget of ${bytes(limitBytes)} is leased or pending`,
				todo: `Raise mempool.budget.${title}, or hold leases for a shorter time.` });
		}
	}

	#findPool(pool, figures, ofPool, budget, { at, toLocal, add: addFinding }) {
		const add = (severity, text, finding) => addFinding({ severity, subject: pool, pool, text, ...finding });
		const watch = this.#watch;
		const grew = (name, total) => watch.total(`${pool} ${name}`, total, at);
		const growth = (name, of = ofPool) => this.#history.growthWithin(RECENT, (answer) => of(answer)?.[name]);
		this.#findExhausted(figures, ofPool, { add, at, budget, growth, grew: grew('exhausted', figures.exhausted) });

		const leaked = figures.leaked + (figures.oversizedLeaked ?? 0);
		const lastLeak = latest(toLocal(figures.lastLeak), grew('leaked', leaked));
		if (leaked > 0) {
			add(at - lastLeak < LATELY ? 'bad' : 'note', `${many(leaked, 'lease', 'leases')} leaked`, {
				...tierWith(figures, 'leaked'), section: 'leaks', since: this.#last(lastLeak),
				todo: (figures.leakDetection === 'advanced' || figures.leakDetection === 'paranoid')
					? 'Look at where they were acquired, and use a scope or try-with-resources there.'
					: 'Use scopes or try-with-resources. The leak-detection advanced says where leases were acquired.' });
		}
		const lastDouble = grew('doubleReleases', figures.doubleReleases);
		if (figures.doubleReleases > 0) {
			add(at - lastDouble < LATELY ? 'bad' : 'note', `${many(figures.doubleReleases, 'double release')}`, {
				section: 'totals', since: this.#last(lastDouble),
				todo: 'Find the caller in the exception that the second release threw.' });
		}
		const overwritten = figures.discardedBy?.overwritten ?? 0;
		const lastWrite = grew('overwritten', overwritten);
		if (overwritten > 0) {
			add(at - lastWrite < LATELY ? 'bad' : 'note', `${many(overwritten, 'block was', 'blocks were')} written to after release`, {
				section: 'leaks', since: this.#last(lastWrite),
				todo: 'Look at where they were acquired: an array or a ByteBuffer was kept there.' });
		}
		const waiting = watch.condition(`${pool} waiting`, figures.waiting > 0, at);
		if (at - waiting >= LASTING) {
			add('warning', `${many(figures.waiting, 'thread is waiting', 'threads are waiting')}`, {
				...tierWith(figures, 'waiting'), section: 'traffic', since: this.#from(waiting),
				todo: 'Raise max-total or the limit, or hold leases for a shorter time.' });
		}
		const held = figures.usedBytes - figures.idleBytes;
		const full = watch.condition(`${pool} limit`, figures.limitBytes && held >= NEARLY * figures.limitBytes, at);
		if (full !== undefined) {
			add('warning', `${percent(held / figures.limitBytes)} of the limit of ${bytes(figures.limitBytes)} is leased or pending`, {
				section: 'memory', since: this.#from(full), todo: 'Raise the limit, or hold leases for a shorter time.' });
		}
		this.#findMisfits(figures, ofPool, { add, growth });
		if (!figures.pooling) {
			add('note', 'Pooling is off: everything is created anew', { section: 'settings' });
		}
	}

	#findExhausted(figures, ofPool, { add, at, budget, growth, grew }) {
		if (!figures.exhausted) {
			return;
		}
		const lately = growth('exhausted');
		if (!figures.exhaustedFor && lately === 0) {
			add('note', `Exhausted: ${many(figures.exhausted, 'acquire')} got nothing`, { section: 'totals', since: this.#last(grew) });
			return;
		}
		const growthOf = ({ size }) => growth('exhausted', (answer) => ofPool(answer)?.tiers.find((tier) => tier.size === size));
		const tiers = figures.tiers?.filter((tier) => tier.exhaustedFor || (tier.exhausted > 0 && growthOf(tier) > 0)) ?? [];
		const since = figures.exhaustedFor && at - seconds(figures.exhaustedFor);
		add('bad', lately > 0 ? `Exhausted: ${many(lately, 'acquire')} got nothing in the last minute`
			: 'Exhausted: an acquire would get nothing', {
			tiers: tiers.map(({ size }) => size), section: 'traffic',
			since: since ? `since ${clock(since)}` : this.#last(grew),
			todo: wayOut(figures, tiers[0] ?? figures, budget) });
	}

	/** Caps and tiers that do not fit what is acquired: in the last minute, or ever. */
	#findMisfits(figures, ofPool, { add, growth }) {
		const full = figures.discardedBy?.full ?? 0;
		if (figures.pooling && full > 100) {
			const lately = this.#history.growthWithin(RECENT, (answer) => ofPool(answer)?.discardedBy?.full ?? 0);
			const returned = growth('returned');
			if (lately > 100 && lately > returned / 4) {
				const ofTier = ({ size }) => growth('discarded', (answer) => ofPool(answer)?.tiers.find((tier) => tier.size === size));
				const most = figures.tiers?.map((tier) => ({ size: tier.size, discarded: ofTier(tier) }))
					.sort((a, b) => b.discarded - a.discarded)[0];
				add('warning', `${percent(Math.min(1, lately / returned))} of what was returned in the last minute was discarded`, {
					tiers: most?.discarded > 0 ? [most.size] : undefined, section: 'traffic',
					todo: `Raise max-idle: ${count(figures.peakLeased)} were leased at once.` });
			}
		}
		const acquires = acquisitions(figures);
		if (figures.oversized > 20 && figures.oversized > acquires / 20) {
			const lately = growth('oversized');
			const of = this.#history.growthWithin(RECENT, (answer) => acquisitions(ofPool(answer)));
			const now = lately > 20 && lately > of / 20;
			add(now ? 'warning' : 'note', `Oversized: ${percent(now ? lately / of : figures.oversized / acquires)} of acquires ${
				now ? 'in the last minute' : 'since the start'} exceed the largest tier, and are not pooled`,
				{ section: 'sizes', todo: 'Add a larger tier.' });
		}
	}

	#from(at) {
		return at <= this.#watch.start ? `since ${clock(at)} or before` : `since ${clock(at)}`;
	}

	#last(at) {
		return at ? `the last at ${instant(new Date(at * 1000).toISOString())}` : `none since ${clock(this.#watch.start)}, when this page was opened`;
	}

}

/** How many problems and notices there are, in one sentence. */
export function sentence(found) {
	const [problems, notices] = ORDER.map((severity) => found.filter((finding) => finding.severity === severity).length);
	if (problems === 0 && notices === 0) {
		return 'Healthy: nothing to do.';
	}
	return `${problems > 0 ? many(problems, 'problem') : 'No problem'}${notices > 0 ? `, ${many(notices, 'notice')}` : ''}.`;
}

/** The worst severity of findings, 'good' if there is nothing to do. */
export function worst(found) {
	return ORDER.slice(0, 2).find((severity) => found.some((finding) => finding.severity === severity)) ?? 'good';
}

export function problems(found) {
	return found.filter(({ severity }) => severity === 'bad').length;
}

function sorted(found) {
	return ORDER.flatMap((each) => found.filter(({ severity }) => severity === each));
}

function tierWith(figures, name) {
	const tiers = figures.tiers?.filter((tier) => tier[name] > 0).map(({ size }) => size) ?? [];
	return { tiers };
}

function wayOut(figures, { leased, idle, maxTotal }, budget) {
	const { limitBytes, usedBytes, policy, memory } = figures;
	const shared = budget?.[memory === 'off-heap' ? 'offHeap' : 'heap'] ?? {};
	const wait = policy === 'wait' ? 'raise max-wait' : 'choose the policy wait';
	if (maxTotal !== undefined && leased + idle >= maxTotal) {
		return `Raise max-total, now ${count(maxTotal)}, or ${wait}.`;
	}
	if (limitBytes && usedBytes >= NEARLY * limitBytes) {
		return `Raise the limit, now ${bytes(limitBytes)}, or ${wait}.`;
	}
	if (memory && shared.limitBytes && shared.usedBytes >= NEARLY * shared.limitBytes) {
		return `Raise mempool.budget.${memory}, now ${bytes(shared.limitBytes)}, or ${wait}.`;
	}
	return `Raise the cap or limit that was reached, or ${wait}.`;
}

function latest(...times) {
	const known = times.filter((time) => time !== undefined);
	return known.length > 0 ? Math.max(...known) : undefined;
}

function seconds(iso) {
	const [, hours = 0, minutes = 0, rest = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(iso) ?? [];
	return 3600 * hours + 60 * minutes + Number(rest);
}
