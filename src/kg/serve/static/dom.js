// Elements without innerHTML: what comes from the news is text, never markup.

/** An element with attributes (on… are listeners, false and undefined are left out) and children. */
export function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same of SVG. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== "" && child !== false));
  return element;
}

/** The JSON of a script element of the page. */
export function data(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** A text with {names} filled in. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Let the browser save some bytes or text under a name. */
export function save(content, type, name) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const root = document.body.dataset.root ?? "";
export const lang = document.documentElement.lang === "en" ? "en" : "id";
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The answer of this server as JSON. Throws an Error with the reason that it gives. */
export async function ask(path, options = {}) {
  const answer = await fetch(root + path, { headers: { Accept: "application/json" }, ...options });
  if (answer.ok) return answer.json();
  throw new Error(await reason(answer));
}

/** Why an answer is none. */
export async function reason(answer) {
  const text = await answer.text();
  try {
    const told = JSON.parse(text);
    return told.error?.message ?? told.message ?? String(told.error ?? text);
  } catch {
    return text.slice(0, 300) || `${answer.status} ${answer.statusText}`;
  }
}
