/**
 * What is looked at is in the address, as '#/pool', '#/pool/tier' or '#/pool/tier/section': it can be kept, sent, and gone back
 * from. Without a pool it is the overview.
 */
export function currentRoute() {
	const [, pool, tier, section] = /^#\/([a-z0-9-]+)(?:\/(\d+))?(?:\/([a-z]+))?$/.exec(location.hash) ?? [];
	return { pool, tier: tier && Number(tier), section };
}

export function linkTo(pool, tier, section) {
	return ['#', pool, tier, section].filter((part) => part !== undefined).join('/');
}
