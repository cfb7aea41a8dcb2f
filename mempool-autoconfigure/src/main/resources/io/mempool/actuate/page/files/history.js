const SECONDS = 15 * 60;

/** How many pools to remember, each answer's counted. All of 40 for 15 minutes, all of 500 for more than a minute. */
const POOLS = 18_000;

/**
 * What the server said, for as long as charts show it. Of many pools only the one that is looked at is remembered for as
 * long: what all of them said would fill the browser's memory.
 */
export class History {

	#samples = [];
	#whole = 0;

	/** Adds an answer, with when it came in seconds, and the pool that is looked at. */
	add(answer, at, pool) {
		this.#samples.push({ at, answer, size: sizeOf(answer) });
		this.#whole += this.#samples.at(-1).size;
		const oldest = this.#samples.findIndex((sample) => sample.at > at - SECONDS);
		this.#samples.splice(0, oldest).forEach(({ size }) => this.#whole -= size);
		for (let i = 0; this.#whole > POOLS && i < this.#samples.length - 2; i++) {
			const sample = this.#samples[i];
			if (sample.size > 0) {
				this.#whole -= sample.size;
				Object.assign(sample, { answer: only(sample.answer, pool), size: 0 });
			}
		}
	}

	/** Notes that nothing is known from here on. */
	addGap(at) {
		if (this.latest) {
			this.#samples.push({ at, answer: undefined, size: 0 });
		}
	}

	/** The last answer, unless a gap follows it. */
	get latest() {
		return this.#samples.at(-1)?.answer;
	}

	get times() {
		return this.#samples.map((sample) => sample.at);
	}

	/** What is picked from each answer. */
	levels(pick) {
		return this.#samples.map(({ answer }) => (answer && pick(answer)) ?? null);
	}

	/** By how much a total that is picked grew per second. Unknown where it shrank: the application started anew. */
	rates(pick) {
		const totals = this.levels(pick);
		return totals.map((total, index) => {
			const before = totals[index - 1] ?? null;
			if (total === null || before === null || total < before) {
				return null;
			}
			return (total - before) / (this.#samples[index].at - this.#samples[index - 1].at);
		});
	}

	/** Of how many of the last seconds something is known. */
	watched(seconds) {
		return this.#latest(seconds).reduce((sum, { at, answer }, index, all) => sum
			+ (answer && all[index - 1]?.answer ? at - all[index - 1].at : 0), 0);
	}

	/** By how much a total grew in the last seconds, as far as is known. */
	growthWithin(seconds, pick) {
		let growth = 0;
		let before;
		for (const { answer } of this.#latest(seconds)) {
			const total = answer && pick(answer);
			growth += (total > before) ? total - before : 0;
			before = total;
		}
		return growth;
	}

	/** The answers of the last seconds, and half a second: they do not come to the millisecond. */
	#latest(seconds) {
		let first = this.#samples.length;
		const from = this.#samples.at(-1)?.at - seconds - 0.5;
		while (first > 0 && this.#samples[first - 1].at >= from) {
			first--;
		}
		return this.#samples.slice(first);
	}

}

function sizeOf({ pools, objects = {} }) {
	return Object.keys(pools).length + Object.keys(objects).length;
}

function only({ pools, objects = {}, ...rest }, pool) {
	const pick = (all) => Object.hasOwn(all, pool) ? { [pool]: all[pool] } : {};
	return { ...rest, pools: pick(pools), objects: pick(objects) };
}
