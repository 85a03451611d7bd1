// What all parts of the console use. What comes from articles is only ever put in as text, never as markup.

export const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const AGO = new Intl.RelativeTimeFormat("en");

export const byId = (id) => document.getElementById(id);

/** Puts text where it differs: what is read aloud is not read again. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** "2 minutes ago". */
export function ago(when) {
  const minutes = Math.floor((Date.now() - when) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return AGO.format(-minutes, "minute");
  return minutes < 1440 ? AGO.format(-Math.floor(minutes / 60), "hour") : AGO.format(-Math.floor(minutes / 1440), "day");
}

/** An element with attributes and children; strings become text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Whether there is a font that draws flags, in colours, rather than boxes. */
const FLAGS = (() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 24, height: 24 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return false;
  pen.font = "20px system-ui, sans-serif";
  pen.fillText("\u{1f1ef}\u{1f1f5}", 0, 20);
  const { data } = pen.getImageData(0, 0, 24, 24);
  return data.some((value, at) => at % 4 === 0 && data[at + 3] > 0 && value !== data[at + 1]);
})();

/** The flag of a country, or its letters where no font has flags. */
export function flag(code) {
  if (!/^[A-Z]{2}$/.test(code ?? "")) return "";
  return FLAGS ? String.fromCodePoint(...[...code].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65)) : code;
}

/** The flag with a blank behind it. */
export const flagged = (code) => (flag(code) ? flag(code) + " " : "");

/** Copies a text and says so on the button. */
export async function copy(text, button, shown = null) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // without a secure context there is no clipboard: select it, so that Ctrl-C takes it
    if (shown) getSelection().selectAllChildren(shown);
    else prompt("Copy it with Ctrl-C:", text);
    button.textContent = shown ? "Press Ctrl-C" : label;
  }
  setTimeout(() => (button.textContent = label), 2000);
}

/** What the browser remembers of this page; nothing where it remembers nothing. */
export function remembered(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    // a browser that keeps nothing is no reason to stop
  }
  return null;
}

/** The answer to a GET as JSON; an error in the worker's words. */
export async function ask(path, options = {}) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(40_000), ...options });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.error ?? answer.statusText), { status: answer.status });
  return told;
}
