// Which alerts are shown: keys of which any, all or none have to fit, and what an article tells of itself.
// The address of the page says it, and so do /alerts, /alerts.json and /alerts.atom by the same query.
import { ask, byId, make, put } from "./dom.js";

const LISTS = { any: "key", all: "and", none: "not" };
const FIELDS = ["text", "source", "language", "from", "to"];
const NEXT = { any: "all", all: "none", none: "any" };
const MODES = { any: "any", all: "and", none: "not" };

let chosen = { any: [], all: [], none: [] };
let fields = {};
let changed = () => {};
const names = new Map(); // of keys

/** The filter as a query. */
export function query() {
  const out = new URLSearchParams();
  for (const [list, name] of Object.entries(LISTS)) chosen[list].forEach((key) => out.append(name, key));
  for (const name of FIELDS) if (fields[name]) out.append(name, fields[name]);
  return out;
}

export const keys = () => chosen.any;
/** Whether a queue can be bound by it: a binding knows any of some keys, and nothing else. */
export const isBindable = () => chosen.any.length > 0 && !chosen.all.length && !chosen.none.length && !FIELDS.some((name) => fields[name]);
export const isEmpty = () => query().size === 0;
export const isPast = () => Boolean(fields.to) && new Date(fields.to) <= new Date();

/** Notes what keys are called. */
export function call(key, name) {
  if (name && !names.has(key)) names.set(key, name);
}

const nameOf = (key) => names.get(key) ?? key;

/** "Azerbaijan or Armenia, and economic sanction, not Russia, “gas”". */
export function describe() {
  const of = (list) => chosen[list].map(nameOf);
  const parts = [of("any").join(" or "), ...of("all").map((n) => "and " + n), ...of("none").map((n) => "not " + n)];
  if (fields.text) parts.push(`“${fields.text}”`);
  if (fields.source) parts.push("of " + fields.source);
  if (fields.language) parts.push("in " + fields.language);
  const day = (text) => new Date(text).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  if (fields.from) parts.push("since " + day(fields.from));
  if (fields.to) parts.push("until " + day(fields.to));
  return parts.filter(Boolean).join(", ");
}

/** Looks up the names of keys that came by the address. */
async function lookUp() {
  const unnamed = [...chosen.any, ...chosen.all, ...chosen.none].filter((key) => !names.has(key) && !/[*#]/.test(key) && key.includes("."));
  for (const key of unnamed) {
    try {
      const found = await ask("keys?" + new URLSearchParams({ q: key.slice(key.indexOf(".") + 1), limit: 20 }));
      const entry = found.keys.find((entry) => entry.keys.includes(key));
      if (entry) call(key, entry.name);
    } catch {
      // it is shown as it is
    }
  }
  if (unnamed.length) show();
}

/** A date as an input of the kind datetime-local has it. */
function local(text) {
  const date = new Date(text);
  return isNaN(date) ? "" : new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function chip(list, key) {
  const name = nameOf(key);
  const mode = make("button", { type: "button", class: "mode", title: `${name}: one of them (any), has to be there (and), must not (not)`, "aria-label": `${MODES[list]} ${name}; change` }, MODES[list]);
  mode.addEventListener("click", () => {
    chosen[list] = chosen[list].filter((k) => k !== key);
    chosen[NEXT[list]].push(key);
    apply();
  });
  const remove = make("button", { type: "button", class: "remove", "aria-label": `Take out ${name}` }, "×");
  remove.addEventListener("click", () => {
    chosen[list] = chosen[list].filter((k) => k !== key);
    apply();
    byId("key").focus();
  });
  return make("li", { class: list, title: key }, mode, make("span", {}, name), remove);
}

function show() {
  const all = Object.keys(LISTS).flatMap((list) => chosen[list].map((key) => chip(list, key)));
  byId("chosen").replaceChildren(...all);
  byId("chosen").hidden = all.length === 0;
  for (const name of ["text", "source", "language"]) byId(name).value = fields[name] ?? "";
  for (const name of ["from", "to"]) byId(name).value = fields[name] ? local(fields[name]) : "";
  byId("clear").hidden = isEmpty();
  put(byId("heading"), isEmpty() ? "Alerts" : "Alerts of " + describe());
}

/** Shows the filter, puts it into the address, and has its alerts loaded. */
function apply(byHand = true) {
  show();
  // what came with the address stays there: it may name an alert besides
  if (byHand) history.replaceState(null, "", isEmpty() ? location.pathname : "?" + query());
  changed();
  lookUp();
}

/** Shows the alerts of one key; with `more`, those of the filter that have it as well. */
export function filterBy(key, name, more = false) {
  call(key, name);
  if (more) add(key, "all");
  else {
    chosen = { any: [key], all: [], none: [] };
    fields = {};
    apply();
  }
}

/** Adds keys to the filter, each with the list that it goes to. */
export function addAll(pairs) {
  for (const [list, key] of pairs) {
    for (const each of Object.keys(LISTS)) chosen[each] = chosen[each].filter((k) => k !== key);
    chosen[list].push(key);
  }
  apply();
}

export const add = (key, list = "any") => addAll([[list, key]]);

/** Sets what an article tells of itself. */
export function set(name, value) {
  if ((fields[name] ?? "") === value) return;
  fields[name] = value;
  apply();
}

export function clear() {
  [chosen, fields] = [{ any: [], all: [], none: [] }, {}];
  apply();
}

/** Reads the filter from the address; `onChange` is told of it, and of each change. */
export function start(onChange) {
  changed = onChange;
  const given = new URLSearchParams(location.search);
  for (const [list, name] of Object.entries(LISTS)) chosen[list] = given.getAll(name).filter(Boolean);
  for (const name of FIELDS) fields[name] = given.get(name) ?? "";
  for (const name of ["text", "source", "language"]) byId(name).addEventListener("change", () => set(name, byId(name).value.trim()));
  for (const name of ["from", "to"]) {
    byId(name).addEventListener("change", () => set(name, byId(name).value ? new Date(byId(name).value).toISOString() : ""));
  }
  byId("clear").addEventListener("click", clear);
  byId("more").open = FIELDS.some((name) => fields[name]);
  apply(false);
}
