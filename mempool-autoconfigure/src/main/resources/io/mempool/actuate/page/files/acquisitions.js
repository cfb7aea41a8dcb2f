/** All acquires of a pool or tier, as 'mempool.acquisitions' counts them: also those that exceeded all tiers or got nothing. */
export function acquisitions(figures) {
	return figures && figures.hits + figures.misses + (figures.oversized ?? 0) + figures.exhausted;
}

/** The share of acquires that idle memory served, undefined if there were none. */
export function hitRate(figures) {
	const all = acquisitions(figures);
	return all > 0 ? figures.hits / all : undefined;
}
