// The watches and how each does: matches of a day, the last one, what it costs. Those written over HTTP can be changed.
import { allowed, needsToken } from "./dead.js";
import { ago, ask, byId, make, put, WHEN } from "./dom.js";
import * as editor from "./editor.js";
import { call, filterBy } from "./filter.js";

const SHOWN = 30;
const EVERY = 15_000; // milliseconds, while it is open
const DAY = 23 * 3600_000; // milliseconds, nearly

const queries = new Map(); // what is shown of the query of a watch, by its id; it outlives a load of the list
let asked = 0;
let mayWrite = false;

const share = (asked) => (asked >= 0.01 ? Math.round(100 * asked) : (100 * asked).toPrecision(1)) + "\u00a0%";

/** A short time in microseconds, for people. */
const short = (us) => (us < 1 ? `${Math.round(us * 1000)}\u00a0ns` : us < 1000 ? `${Math.round(us)}\u00a0µs` : `${(us / 1000).toPrecision(2)}\u00a0ms`);

/** What a watch costs: how often its query runs for a match, and how long it takes. */
function cost(watch) {
  if (!watch.candidates) return "";
  const each = watch.candidates_per_match;
  const runs = each === null ? `${watch.candidates.toLocaleString()} candidates, no match` : `${each.toLocaleString(undefined, { maximumSignificantDigits: 2 })} candidate${each === 1 ? "" : "s"} a match`;
  return ` · ${runs} · p99 ${short(watch.p99_us)}`;
}

/** How a watch does, in a line. */
function health(watch) {
  if (watch.state === "quiet") return make("p", {}, `${watch.severity} · quiet: it is not asked`);
  if (watch.state !== "in-force") return make("p", { class: "aside" }, `${watch.severity} · ${watch.state}: it is not asked`);
  if (watch.aside) return make("p", { class: "aside" }, `Set aside, it matches nothing: ${watch.aside}`);
  const last = watch.last ? "last " + ago(new Date(watch.last)) : "no match yet";
  const usual = watch.forecast === null ? "" : `, usually ${watch.forecast.toLocaleString(undefined, { maximumSignificantDigits: 2 })}`;
  const text = `${watch.severity} · ${watch.day.toLocaleString()} a day${usual} · ${last} · asked of ${share(watch.asked)}${cost(watch)}`;
  const whose = watch.owner ? " They are sent to its owner alone." : "";
  return make("p", { title: `Matches of the last 24 hours, and of a day in the week before; the last one; of which share of articles it has to be asked; how often its query runs for one match, and how long all but one in a hundred of its runs take at most, measured by this worker since the watch is as it is.${whose}` }, text);
}

/** What came of a watch's own tests, if it has any. */
function ownTests(tests) {
  if (!tests || tests.passed + tests.failed.length === 0) return [];
  if (!tests.failed.length) return [make("p", {}, `Its own tests: ${tests.passed} passed`)];
  return [make("p", { class: "aside" }, `Its own tests: ${tests.failed.length} failed, ${tests.passed} passed`), ...tests.failed.map((text) => make("p", { class: "aside" }, text))];
}

/** Shows the query of a watch under it, with its own tests, or hides it. */
async function query(watch) {
  if (queries.has(watch.id)) {
    queries.delete(watch.id);
  } else {
    try {
      const told = await ask(`watches/${encodeURIComponent(watch.id)}`, { headers: allowed() });
      queries.set(watch.id, [make("code", {}, told.when), ...ownTests(told.tests)]);
    } catch (error) {
      queries.set(watch.id, [error.message]);
    }
  }
  // the list may have been loaded anew in the meantime: the row is the one that is there now
  const row = [...byId("watchlist").children].find((row) => row.dataset.id === watch.id);
  if (row) showQuery(row);
}

/** Makes a row show its query if that is to be seen. */
function showQuery(row) {
  const shown = queries.get(row.dataset.id);
  row.lastChild.replaceChildren(...(shown ?? []));
  row.querySelector(".query").setAttribute("aria-expanded", String(Boolean(shown)));
}

function row(watch) {
  call(watch.key, watch.name);
  const name = make("button", { type: "button", class: "name", title: `Show the alerts of ${watch.key}; with Shift those that have it as well`, onclick: (event) => filterBy(watch.key, watch.name, event.shiftKey) }, watch.name);
  const tool = (label, act) => make("button", { type: "button", class: "tool", "aria-label": `${label} ${watch.name}`, onclick: act }, label.toLowerCase());
  const tools = watch.revision && mayWrite ? [tool("Change", () => editor.open(watch.id)), " ", tool(watch.state === "quiet" ? "Ask" : "Quiet", () => turn(watch)), " "] : [];
  const button = make("button", { type: "button", class: "query", "aria-label": `Query of ${watch.name}`, onclick: () => query(watch) }, "query");
  const whose = watch.owner ? make("small", {}, ` of ${watch.owner}`) : null;
  const stale = watch.stale ? make("p", { class: "aside" }, `In force as it was before: ${watch.stale}`) : null;
  const out = make("li", { "data-id": watch.id }, name, whose, " ", ...tools, button, health(watch), stale, make("div", {}));
  showQuery(out);
  return out;
}

/** Quiets a watch, or has it asked again. */
async function turn(watch) {
  try {
    await editor.quiet(watch.id, watch.state !== "quiet");
    await load();
  } catch (error) {
    put(byId("watchestold"), error.message);
  }
}

async function load() {
  const mine = (asked += 1);
  try {
    const told = await ask("watches?" + new URLSearchParams({ by: byId("watchesby").value, limit: SHOWN }), { headers: allowed() });
    if (mine !== asked) return;
    mayWrite = told.may_write;
    byId("watchlist").replaceChildren(...told.watches.map(row));
    const more = told.found - told.watches.length;
    const counted = Date.now() - new Date(told.since) > DAY ? "Matches of the last 24 hours" : `Matches since ${WHEN.format(new Date(told.since))}`;
    const none = told.found ? "" : "No watches yet. ";
    put(byId("watchestold"), none + counted + (more > 0 ? `; ${more.toLocaleString()} more watches` : ""));
  } catch (error) {
    put(byId("watchestold"), "The watches can't be told: " + error.message);
  }
}

/** Takes note of how many are in force. */
export function inForce(count) {
  put(byId("inforce"), count ? `· ${count.toLocaleString()}` : "");
}

export function start() {
  editor.start(() => {
    queries.clear();
    return load();
  });
  byId("newwatch").addEventListener("click", () => {
    // who may not write is asked for the token
    if (!mayWrite) needsToken(401);
    editor.begin();
  });
  byId("watches").addEventListener("toggle", () => byId("watches").open && load());
  byId("watchesby").addEventListener("change", load);
  byId("token").addEventListener("change", load);
  setInterval(() => {
    // a load takes the focus and what is selected from who is in the list
    const inUse = queries.size || byId("watchlist").contains(document.activeElement);
    if (byId("watches").open && !inUse) load();
  }, EVERY);
}
