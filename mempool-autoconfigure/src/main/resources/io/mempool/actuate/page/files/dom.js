/**
 * Creates an element. Functions among the attributes listen to events, strings among the children become text:
 * nothing is ever parsed as HTML.
 */
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (typeof value === 'function') {
			element.addEventListener(key, value);
		}
		else if (value !== undefined) {
			element.setAttribute(key, value);
		}
	}
	element.append(...children);
	return element;
}

export function setText(element, text) {
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

/** Sets an attribute, or removes it if there is no value. */
export function setAttribute(element, name, value) {
	if (value === undefined || value === null) {
		element.removeAttribute(name);
	}
	else if (element.getAttribute(name) !== value) {
		element.setAttribute(name, value);
	}
}

const parts = new WeakMap();

/**
 * Makes the children of a parent those of the items. What stays is left where it is, so that focus and selection
 * survive. 'create' returns an element and, if it can change, how to update it.
 */
export function reconcile(parent, items, key, create) {
	const before = parts.get(parent) ?? new Map();
	const after = new Map();
	for (const item of items) {
		const name = key(item);
		after.set(name, before.get(name) ?? create(item));
		before.delete(name);
		after.get(name).update?.(item);
	}
	before.forEach((part) => part.element.remove());
	let next = parent.firstElementChild;
	for (const { element } of after.values()) {
		if (element === next) {
			next = next.nextElementSibling;
		}
		else {
			parent.insertBefore(element, next);
		}
	}
	parts.set(parent, after);
}
