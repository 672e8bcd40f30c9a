// Elements built as nodes, so that no text is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";
const LONGEST_FRAME_MS = 200;

export const by = (id) => document.getElementById(id);

export function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A drawing of `icons.svg`; it says nothing to a screen reader, its button does. */
export function icon(name) {
  return drawn("svg", { class: "icon", "aria-hidden": "true", focusable: "false" }, drawn("use", { href: `/assets/icons.svg#${name}` }));
}

/** An SVG element. */
export function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function fill(select, options, value = select.value) {
  select.replaceChildren(...options.map(([id, name]) => node("option", { value: id }, name)));
  if (options.some(([id]) => id === value)) select.value = value;
}

/** Repaints a part of the page and gives the focus back to what had it, by its `data-key`. */
export function repaint(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  element.replaceChildren(...children);
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** Resolves when what was made so far is on the screen; a page in the background does not wait for it. */
export function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, LONGEST_FRAME_MS);
  });
}
