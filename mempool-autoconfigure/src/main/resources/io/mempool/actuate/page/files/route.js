/** What is looked at is in the address, as '#/pool' or '#/pool/tier': it can be kept, sent, and gone back from. */
export function currentRoute() {
	const [, pool, tier] = /^#\/([a-z0-9-]+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
	return { pool, tier: tier && Number(tier) };
}

export function linkTo(pool, tier) {
	return `#/${pool}${tier === undefined ? '' : `/${tier}`}`;
}
