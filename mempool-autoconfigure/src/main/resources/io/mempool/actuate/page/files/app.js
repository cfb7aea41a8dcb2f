import { BufferView } from './buffer-view.js';
import { el, setText } from './dom.js';
import { clock } from './format.js';
import { History } from './history.js';
import { ObjectView } from './object-view.js';
import { PoolList } from './pool-list.js';
import { Poller } from './poller.js';
import { currentRoute } from './route.js';

/** The endpoint is two levels above this file, wherever that is. */
const ENDPOINT = new URL('..', import.meta.url).href.replace(/\/$/, '');

const find = (id) => document.getElementById(id);
const main = find('pool');
const status = document.querySelector('.status');

const history = new History();
const list = new PoolList();
let answer;
let details;
let view;
let lost;

find('pools').append(...list.elements);

/** The pool that is looked at: the first one, until another is chosen. */
function route() {
	const chosen = currentRoute();
	const first = answer && (Object.keys(answer.pools)[0] ?? Object.keys(answer.objects ?? {})[0]);
	return chosen.pool ? chosen : { pool: first };
}

function now() {
	return (performance.timeOrigin + performance.now()) / 1000;
}

function show() {
	const shown = route();
	list.show(answer, history, shown);
	const kind = kindOf(shown.pool);
	if (view?.pool !== shown.pool || view?.kind !== kind) {
		view?.destroy?.();
		view = kind ? new kind() : { show: () => { }, elements: [missing(shown.pool)] };
		Object.assign(view, { pool: shown.pool, kind });
		main.replaceChildren(...view.elements);
		document.title = shown.pool ? `${shown.pool} · mempool` : 'mempool';
	}
	view.show(answer, (details?.name === shown.pool) ? details : undefined, history, shown);
}

function kindOf(pool) {
	if (Object.hasOwn(answer.pools, pool)) {
		return BufferView;
	}
	return Object.hasOwn(answer.objects ?? {}, pool) ? ObjectView : undefined;
}

function missing(pool) {
	const text = pool ? `There is no pool '${pool}' now. It is shown as soon as there is.` : 'There is no pool to show yet.';
	return el('p', { class: 'card empty' }, text);
}

function setState(state, text) {
	status.dataset.state = state;
	document.body.dataset.state = state;
	setText(find('state'), text);
}

function setTrouble(text) {
	find('trouble').hidden = !text;
	setText(find('trouble'), text ?? '');
}

const poller = new Poller(ENDPOINT, {
	selected: () => route().pool,
	onAnswer: (received, receivedDetails) => {
		const selectedBefore = route().pool;
		answer = received;
		details = receivedDetails;
		lost = undefined;
		history.add(answer, now(), route().pool);
		setState('live', 'Live');
		setText(find('clock'), clock(now()));
		setTrouble();
		show();
		if (route().pool !== selectedBefore) {
			poller.now();
		}
	},
	onFailure: (error) => {
		lost ??= now();
		history.addGap(now());
		setState('lost', 'Not reachable');
		setTrouble(`${error.message} Nothing is known since ${clock(lost)}; asking again.`);
	}
});

addEventListener('hashchange', () => {
	if (answer) {
		show();
		poller.now();
	}
});

find('interval').addEventListener('change', ({ target }) => poller.interval = Number(target.value));

find('pause').addEventListener('click', ({ target }) => {
	poller.paused = !poller.paused;
	setText(target, poller.paused ? 'Resume' : 'Pause');
	if (poller.paused) {
		history.addGap(now());
		setState('paused', 'Paused');
		setTrouble();
	}
	else {
		setState('connecting', 'Connecting');
	}
});

find('skip').addEventListener('click', (event) => {
	event.preventDefault();
	main.focus();
});

poller.now();
