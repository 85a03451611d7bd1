// The alerts that fit the filter: those of the past a page at a time, then those that come.
import { card } from "./article.js";
import { ago, ask, byId, make, put } from "./dom.js";
import { describe, isEmpty, isPast, query } from "./filter.js";
import { tellOf } from "./options.js";

const SHOWN = 200; // cards that are kept of those that come
const PER_TICK = 4; // cards added at once: with TICK, 16 a second, more than anyone reads
const TICK = 250; // milliseconds
const PAGE = 50; // alerts of the past that are asked for at once
const SEARCHES = 20; // pages that are looked through in a row for a first find
const AGAIN = 3000; // milliseconds
const AGO_EVERY = 15_000; // milliseconds

const list = byId("alerts");

let source = null;
let loading = null; // aborts what is being loaded
let waiting = []; // unparsed, the newest last
let held = false; // by the button
const reading = new Set(); // open cards, which hold the stream as well
let unread = 0; // that came while nobody looked at the page, or it was paused
let reached = ["connecting", ""];
let came = 0; // with this filter
let skipped = 0; // of them
let arrived = []; // when, of the last seconds
let entries = new Map(); // by id, of the cards that are shown
let latest = null; // what the stream goes on behind
let older = null; // where the past goes on
let room = SHOWN;
let again = null;

/** The alerts that are shown, the newest first. */
export const shown = () => [...list.children].map((element) => entries.get(element.dataset.id)).filter(Boolean);

function status(text, kind) {
  reached = [text, kind];
  tell();
}

const paused = () => held || reading.size > 0;

/** Says whether alerts come, and how many are new. */
export function tell() {
  const count = waiting.length + (waiting.length === SHOWN ? "+" : "") + " new";
  let [text, kind] = reached;
  if (paused() && kind === "good") {
    text = (held ? "paused" : "paused while you read") + (waiting.length ? ", " + count : "");
    kind = "warn";
  }
  put(byId("stream"), text);
  byId("stream").className = "pill " + kind;
  put(byId("pause"), !paused() ? "Pause" : waiting.length ? `Go on (${count})` : "Go on");
  byId("pause").setAttribute("aria-pressed", String(paused()));
  if (!paused() && !document.hidden) unread = 0;
  const title = unread ? `(${unread}) presswatch` : "presswatch";
  if (document.title !== title) document.title = title;
}

export function pause() {
  held = !paused();
  reading.clear();
  tell();
}

/** The cards' buttons, for the keyboard. */
export const heads = () => [...list.querySelectorAll("h3 button")];

// ---- the past ----

function seenBy(entry) {
  const element = card(entry.alert.data, {
    entry,
    toggled: (out, visible) => {
      // nothing moves away from who reads
      if (visible) reading.add(out);
      else reading.delete(out);
      tell();
    },
  });
  element.dataset.id = entry.alert.id;
  entries.set(entry.alert.id, entry);
  byId("empty").hidden = true;
  return element;
}

function append(page) {
  for (const entry of page.alerts) if (!entries.has(entry.alert.id)) list.append(seenBy(entry));
  older = page.next;
  room = Math.max(room, list.childElementCount + SHOWN);
  tellOfPast();
}

/** Says how far back it was looked, and offers more. */
function tellOfPast(searching = false) {
  const button = byId("older");
  button.hidden = older === null || searching;
  put(button, list.childElementCount ? "Load older" : "Search on");
  const count = list.childElementCount;
  const all = older === null && !searching ? "all that is kept" : "there may be older ones";
  put(byId("reached"), searching ? "Looking further back …" : count ? `${count.toLocaleString()} shown, ${all}` : "");
}

/** One page back; where nothing is found yet, on until something is. */
async function back(signal, begin) {
  let page = null;
  for (let n = 0; n < SEARCHES; n++) {
    const asked = query();
    asked.set("limit", PAGE);
    if (!(begin && page === null)) asked.set("before", older);
    tellOfPast(true);
    page = await ask("alerts.json?" + asked, { signal });
    if (signal.aborted) return null;
    if (begin && latest === null) latest = page.newest;
    byId("own").hidden = page.all_workers;
    append(page);
    if (page.alerts.length || older === null) break;
  }
  return page;
}

export async function loadOlder() {
  const { signal } = loading;
  try {
    await back(signal, false);
  } catch (error) {
    if (!signal.aborted) put(byId("reached"), "Older ones can't be loaded: " + error.message);
    byId("older").hidden = false;
  }
}

/** Shows what fits the filter, whatever was being read, and follows what comes. */
export async function load() {
  clearTimeout(again);
  loading?.abort();
  loading = new AbortController();
  source?.close();
  const { signal } = loading;
  held = false;
  reading.clear();
  list.replaceChildren();
  [waiting, came, skipped, latest, older, room, entries] = [[], 0, 0, null, null, SHOWN, new Map()];
  byId("sampled").hidden = true;
  byId("empty").hidden = true;
  status("connecting", "");
  try {
    await back(signal, true);
    if (signal.aborted) return;
    const none = isEmpty() ? "No alert yet." : `No alert of ${describe()} yet.`;
    put(byId("none"), none);
    byId("empty").hidden = list.childElementCount > 0;
    if (isPast()) status("the past only", "warn");
    else connect();
  } catch (error) {
    if (signal.aborted) return;
    status(error.status ? error.message : "connection lost, trying again", "bad");
    tellOfPast();
    // what the worker refuses it refuses the next time too
    if (error.status !== 400) again = setTimeout(load, AGAIN);
  }
}

// ---- what comes ----

function connect() {
  clearTimeout(again);
  source?.close();
  const asked = query();
  asked.set("after", latest);
  source = new EventSource("alerts?" + asked);
  source.onopen = () => status("live", "good");
  source.onerror = () => {
    status("connection lost, trying again", "bad");
    // a browser gives up for good after an answer that is no stream
    if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN);
  };
  source.addEventListener("alert", (event) => {
    latest = event.lastEventId || latest;
    arrived.push(Date.now());
    if (paused() || document.hidden) unread += 1;
    came += 1;
    waiting.push({ number: /^\d{1,20}$/.test(event.lastEventId) ? Number(event.lastEventId) : null, data: event.data });
    // while nobody looks, only the newest are kept
    if (waiting.length > SHOWN) skipped += waiting.splice(0, waiting.length - SHOWN).length;
    tellOf(event.data);
    // a page that nobody looks at ticks seldom
    if (document.hidden) tell();
  });
  source.addEventListener("lagged", (event) => {
    const missed = Number(event.data) || 0;
    [came, skipped] = [came + missed, skipped + missed];
  });
}

function tick() {
  const now = Date.now();
  arrived = arrived.filter((at) => now - at < 5000);
  put(byId("rate"), arrived.length ? `${(arrived.length / 5).toFixed(1)} a second` : "");
  tell();
  if (paused()) return;
  // a burst shorter than the list is worked off; beyond it, the newest stand for all
  if (waiting.length > 2 * PAGE) {
    skipped += waiting.length - PER_TICK;
    waiting = waiting.slice(-PER_TICK);
  }
  const some = list.childElementCount < PAGE ? PAGE : PER_TICK;
  for (const { number, data } of waiting.splice(0, some)) prepend({ number, alert: JSON.parse(data) });
  const notice = byId("sampled");
  notice.hidden = skipped === 0;
  if (skipped) put(notice, `More alerts come than can be shown: ${skipped.toLocaleString()} of ${came.toLocaleString()} were left out. Choose a key to see fewer; a queue gets them all.`);
}

function prepend(entry) {
  if (entries.has(entry.alert.id)) return;
  list.prepend(seenBy(entry));
  while (list.childElementCount > room) {
    entries.delete(list.lastElementChild.dataset.id);
    list.lastElementChild.remove();
    // they can be loaded again
    older = entries.get(list.lastElementChild.dataset.id)?.number ?? older;
  }
  tellOfPast();
}

// ---- one alert by its address ----

/** Shows the alert that the address names, above the others. */
export async function linked() {
  const given = new URLSearchParams(location.search);
  const id = given.get("alert");
  if (!id) return;
  const place = byId("linked");
  const at = given.get("at");
  try {
    const alert = await ask(`alerts/${encodeURIComponent(id)}` + (at ? `?at=${encodeURIComponent(at)}` : ""), { headers: { accept: "application/json" } });
    const close = make("button", { type: "button" }, "Close");
    close.addEventListener("click", () => place.replaceChildren());
    place.replaceChildren(make("p", { class: "row" }, make("strong", {}, "The alert that the link names"), close), card(alert.data, { entry: { number: Number(at) || null, alert }, open: true }));
  } catch (error) {
    place.replaceChildren(make("p", { class: "notice error" }, error.status === 404 ? "The alert that the link names is not kept any more." : error.message));
  }
}

export function start() {
  byId("older").addEventListener("click", loadOlder);
  byId("pause").addEventListener("click", pause);
  document.addEventListener("visibilitychange", tell);
  setInterval(tick, TICK);
  setInterval(() => {
    for (const time of document.querySelectorAll(".alert .meta time")) put(time, "came in " + ago(new Date(time.dateTime)));
  }, AGO_EVERY);
}

