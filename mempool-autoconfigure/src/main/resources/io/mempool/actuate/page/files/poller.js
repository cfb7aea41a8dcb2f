/**
 * Asks the endpoint again and again, one question at a time.
 */
export class Poller {

	#endpoint;
	#onAnswer;
	#onFailure;
	#selected = () => undefined;
	#interval = 2000;
	#paused = false;
	#timer;
	#asking = false;
	#again = false;

	constructor(endpoint, { onAnswer, onFailure, selected }) {
		this.#endpoint = endpoint;
		this.#onAnswer = onAnswer;
		this.#onFailure = onFailure;
		this.#selected = selected;
	}

	set interval(millis) {
		this.#interval = millis;
		this.now();
	}

	get paused() {
		return this.#paused;
	}

	set paused(paused) {
		this.#paused = paused;
		clearTimeout(this.#timer);
		this.now();
	}

	/** Asks at once, also about what is selected by now. */
	now() {
		if (this.#paused) {
			return;
		}
		if (this.#asking) {
			this.#again = true;
			return;
		}
		clearTimeout(this.#timer);
		this.#ask();
	}

	async #ask() {
		this.#asking = true;
		this.#again = false;
		try {
			const selected = this.#selected();
			const [{ json: answer, time }, details] = await Promise.all([this.#get(''), selected && this.#get(`/${selected}`)]);
			if (!answer?.pools) {
				throw new Error('The endpoint is not there any more (404).');
			}
			if (!this.#paused) {
				this.#onAnswer(answer, details?.json && { name: selected, ...details.json }, time);
			}
		}
		catch (error) {
			if (!this.#paused) {
				this.#onFailure(error);
			}
		}
		finally {
			this.#asking = false;
		}
		if (!this.#paused) {
			this.#timer = setTimeout(() => this.#ask(), this.#again ? 0 : this.#interval);
		}
	}

	/** Gets JSON, or none if there is no such pool, and the time of the server in seconds. */
	async #get(path) {
		let response;
		try {
			// Not from and not into the cache: the address is that of the page
			response = await fetch(this.#endpoint + path, { headers: { Accept: 'application/json' }, cache: 'no-store',
				signal: AbortSignal.timeout(10_000) });
		}
		catch {
			throw new Error('The server does not answer.');
		}
		if (response.status === 404) {
			return {};
		}
		if (response.status === 401 || response.status === 403) {
			throw new Error(`The server denies access (${response.status}). Sign in again, then reload the page.`);
		}
		if (!response.ok) {
			throw new Error(`The server answers with an error (${response.status}).`);
		}
		try {
			return { json: await response.json(), time: Date.parse(response.headers.get('Date')) / 1000 };
		}
		catch {
			throw new Error('The server does not answer with JSON. Perhaps it wants a login: reload the page.');
		}
	}

}
