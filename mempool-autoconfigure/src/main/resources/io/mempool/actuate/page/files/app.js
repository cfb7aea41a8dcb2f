import { BufferView } from './buffer-view.js';
import { el, setText } from './dom.js';
import { Findings, problems, worst } from './findings.js';
import { clock, many } from './format.js';
import { History } from './history.js';
import { ObjectView } from './object-view.js';
import { Overview } from './overview.js';
import { PoolFilter } from './pool-filter.js';
import { PoolList } from './pool-list.js';
import { Poller } from './poller.js';
import { currentRoute } from './route.js';
import { Watch } from './watch.js';

/** The endpoint is two levels above this file, wherever that is. */
const ENDPOINT = new URL('..', import.meta.url).href.replace(/\/$/, '');

const find = (id) => document.getElementById(id);
const main = find('pool');
const nav = find('pools');
const status = document.querySelector('.status');

const history = new History();
const watch = new Watch();
const findings = new Findings(history, watch);
const filter = new PoolFilter(() => answer && show());
const list = new PoolList();
let answer;
let details;
let found;
let toLocal;
let view;
let lost;

nav.append(...list.elements);

function now() {
	return (performance.timeOrigin + performance.now()) / 1000;
}

function show() {
	const route = currentRoute();
	const pools = [...poolsOf(answer.pools, 'buffers', (name) => (each) => each.pools?.[name]),
		...poolsOf(answer.objects ?? {}, 'objects', (name) => (each) => each.objects?.[name])];
	showView(route);
	const shown = filter.apply(pools);
	if (route.pool) {
		list.show(shown, route.pool);
	}
	view.show({ answer, details: (details?.name === route.pool) ? details : undefined, history, route, toLocal, pools, shown,
		found: route.pool ? found.of.get(route.pool) : found.all });
	const number = problems(found.all);
	document.title = `${number > 0 ? `(${many(number, 'problem')}) ` : ''}${route.pool ? `${route.pool} · ` : ''}mempool`;
	if (lost) {
		view.lost?.(lost);
	}
}

function poolsOf(all, kind, of) {
	return Object.entries(all).map(([name, figures]) => {
		const own = found.of.get(name);
		return { name, kind, figures, of: of(name), found: own, severity: worst(own), problems: problems(own) };
	});
}

/** Makes the view of what is looked at, unless it is there. */
function showView({ pool }) {
	const kind = kindOf(pool);
	if (view && view.pool === pool && view.kind === kind) {
		return;
	}
	view?.destroy?.();
	view = kind ? new kind() : { show: () => { }, elements: [missing(pool)] };
	Object.assign(view, { pool, kind });
	const focused = main.contains(document.activeElement);
	main.replaceChildren(...view.elements);
	document.body.dataset.view = pool ? 'pool' : 'overview';
	nav.hidden = !pool;
	(pool ? list : view).takeFilter(filter);
	if (focused) {
		main.focus();
	}
}

function kindOf(pool) {
	if (!pool) {
		return Overview;
	}
	if (Object.hasOwn(answer.pools, pool)) {
		return BufferView;
	}
	return Object.hasOwn(answer.objects ?? {}, pool) ? ObjectView : undefined;
}

function missing(pool) {
	return el('p', { class: 'card empty' }, `There is no pool '${pool}' now. It is shown as soon as there is.`);
}

/** Scrolls to the section that the address names. */
function showSection() {
	const { section } = currentRoute();
	if (section) {
		main.querySelector(`[data-section="${section}"]`)?.scrollIntoView({ block: 'start' });
	}
	else {
		scrollTo(0, 0);
	}
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

/** Times of the server as those of this page: clocks differ. A second says nothing, as the server rounds. */
function clockOf(serverTime, at) {
	const ahead = Number.isFinite(serverTime) ? serverTime - at : 0;
	const difference = Math.abs(ahead) < 2 ? 0 : ahead;
	return (iso) => (iso === undefined) ? undefined : Date.parse(iso) / 1000 - difference;
}

const poller = new Poller(ENDPOINT, {
	selected: () => currentRoute().pool,
	onAnswer: (received, receivedDetails, serverTime) => {
		const at = now();
		const first = !answer;
		answer = received;
		details = receivedDetails;
		lost = undefined;
		history.add(answer, at, currentRoute().pool);
		toLocal = clockOf(serverTime, at);
		found = findings.find(answer, at, toLocal);
		setState('live', 'Live');
		setText(find('clock'), clock(at));
		setTrouble();
		show();
		if (first) {
			showSection();
		}
	},
	onFailure: (error) => {
		lost ??= now();
		history.addGap(now());
		watch.gap();
		setState('lost', 'Not reachable');
		setTrouble(`${error.message} Nothing is known since ${clock(lost)}; asking again.`);
		view?.lost?.(lost);
	}
});

addEventListener('hashchange', () => {
	if (answer) {
		show();
		showSection();
		poller.now();
	}
});

find('interval').addEventListener('change', ({ target }) => poller.interval = Number(target.value));

find('pause').addEventListener('click', ({ target }) => {
	poller.paused = !poller.paused;
	setText(target, poller.paused ? 'Resume' : 'Pause');
	if (poller.paused) {
		history.addGap(now());
		watch.gap();
		setState('paused', 'Paused');
		setTrouble();
	}
	else {
		setState('connecting', 'Connecting…');
	}
});

find('skip').addEventListener('click', (event) => {
	event.preventDefault();
	main.focus();
});

poller.now();
