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

	/** By how much a total grew since the answer before. */
	growth(pick) {
		const [before, now] = this.#samples.slice(-2).map(({ answer }) => answer && pick(answer));
		return (now >= before) ? now - before : undefined;
	}

	/** The rate since the answer before. */
	rate(pick) {
		const [before, now] = this.#samples.slice(-2);
		const growth = this.growth(pick);
		return (growth !== undefined) ? growth / (now.at - before.at) : undefined;
	}

	/** By how much a total grew in the last seconds, as far as is known. */
	growthWithin(seconds, pick) {
		const last = this.#samples.at(-1);
		const totals = this.#samples.filter(({ at }) => last && at >= last.at - seconds)
			.map(({ answer }) => answer && pick(answer));
		let growth = 0;
		for (let i = 1; i < totals.length; i++) {
			growth += (totals[i] > totals[i - 1]) ? totals[i] - totals[i - 1] : 0;
		}
		return growth;
	}

}

function sizeOf({ pools, objects = {} }) {
	return Object.keys(pools).length + Object.keys(objects).length;
}

function only({ pools, objects = {}, ...rest }, pool) {
	const pick = (all) => Object.hasOwn(all, pool) ? { [pool]: all[pool] } : {};
	return { ...rest, pools: pick(pools), objects: pick(objects) };
}
