/**
 * When totals last grew, and since when a condition holds, as far as this page has seen. It outlives the answers, of which
 * only some minutes are remembered. Times are in seconds.
 */
export class Watch {

	#totals = new Map();
	#conditions = new Map();

	/** When the first answer came. */
	start;

	begin(at) {
		this.start ??= at;
	}

	/** Notes a total. One that shrank belongs to an application that started anew. */
	total(key, total, at) {
		const before = this.#totals.get(key);
		const grew = (before && total > before.total) ? at : (total === before?.total) ? before.grew : undefined;
		this.#totals.set(key, { total, grew });
		return grew;
	}

	/** Notes whether a condition holds, and returns since when it does. */
	condition(key, holds, at) {
		if (!holds) {
			this.#conditions.delete(key);
		}
		else if (!this.#conditions.has(key)) {
			this.#conditions.set(key, at);
		}
		return this.#conditions.get(key);
	}

	/** Notes that nothing is known for a while: what holds afterwards may not have held all the time. */
	gap() {
		this.#conditions.clear();
	}

}
