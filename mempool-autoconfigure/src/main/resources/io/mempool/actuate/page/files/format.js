const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
export const NONE = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const threeDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const clockTime = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

const known = (value) => value !== undefined && value !== null && !Number.isNaN(value);

/** All digits. */
export function count(value) {
	return known(value) ? whole.format(value) : NONE;
}

/** '1 lease', '2 leases'. */
export function many(number, one, more = `${one}s`) {
	return `${count(number)} ${number === 1 ? one : more}`;
}

/** Three digits, such as '12.3K'. */
export function compact(value) {
	return known(value) ? short.format(value) : NONE;
}

/** Per second: one decimal at most, as it changes all the time. Never 0 unless it is. */
export function rate(value) {
	if (!known(value)) {
		return NONE;
	}
	if (value > 0 && value < 0.1) {
		return '< 0.1';
	}
	return (value < 100) ? oneDecimal.format(value) : whole.format(value);
}

/** '64 KiB' if that is exact, otherwise three digits, such as '1.42 MiB'. */
export function bytes(value) {
	if (!known(value)) {
		return NONE;
	}
	let unit = 0;
	let scaled = value;
	while (scaled >= 1024 && unit < UNITS.length - 1) {
		scaled /= 1024;
		unit++;
	}
	const digits = (scaled >= 1000 || unit === 0) ? whole.format(scaled) : threeDigits.format(scaled);
	return `${digits} ${UNITS[unit]}`;
}

/** A share of one. Never 100 % or 0 % unless it is. */
export function percent(share) {
	if (!known(share)) {
		return NONE;
	}
	if (share > 0.999 && share < 1) {
		return '> 99.9 %';
	}
	if (share > 0 && share < 0.001) {
		return '< 0.1 %';
	}
	return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}

export function nanos(value) {
	if (!known(value)) {
		return NONE;
	}
	return (value < 1000) ? `${threeDigits.format(value)} ns` : `${threeDigits.format(value / 1000)} µs`;
}

export function millis(value) {
	if (!known(value)) {
		return NONE;
	}
	if (value < 1000) {
		return `${whole.format(value)} ms`;
	}
	if (value < 120_000) {
		return `${threeDigits.format(value / 1000)} s`;
	}
	return (value < 7_200_000) ? `${whole.format(value / 60_000)} min` : `${threeDigits.format(value / 3_600_000)} h`;
}

/** 'PT1M30S' as '1 m 30 s'. What is no duration stays as it is. */
export function isoDuration(iso) {
	const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(iso ?? '');
	if (!match) {
		return iso ?? NONE;
	}
	const [, hours, minutes, seconds] = match;
	if (!hours && !minutes && seconds < 1) {
		return `${whole.format(seconds * 1000)} ms`;
	}
	return [hours && `${hours} h`, minutes && `${minutes} m`, seconds && `${seconds} s`].filter(Boolean).join(' ');
}

/** Seconds as '45 s' or '3 min 20 s'. */
export function duration(seconds) {
	const rounded = Math.round(seconds);
	const rest = rounded % 60;
	return [rounded >= 60 && `${Math.floor(rounded / 60)} min`, (rest > 0 || rounded === 0) && `${rest} s`].filter(Boolean).join(' ');
}

/** Seconds since the epoch as local time. */
export function clock(seconds) {
	return clockTime.format(seconds * 1000);
}

/** An instant of the server as local time, with its date unless it is today's. */
export function instant(iso) {
	const date = new Date(iso ?? NaN);
	if (Number.isNaN(date.getTime())) {
		return iso ?? NONE;
	}
	const today = date.toDateString() === new Date().toDateString();
	return (today ? '' : `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-`
			+ `${String(date.getDate()).padStart(2, '0')} `) + clockTime.format(date);
}

/** 'on-release' as 'on release'. */
export function words(value) {
	return value?.replaceAll('-', ' ') ?? NONE;
}
