// A watch as it is written: errors marked as one types, with what it would have found beside them; saved, quieted, undone.
import { allowed, needsToken } from "./dead.js";
import { byId, make, put, WHEN } from "./dom.js";

const PAUSE = 400; // milliseconds after the last key
const CHANGES = 4; // articles that a change adds, and as many that it loses
const NEW = { when: "", severity: "medium" };

let edited = null; // the id of the watch that is changed; nothing for a new one
let tag = null; // its ETag
let tried = 0;
let timer = 0;
let saved = () => {};

const field = (name) => byId("w-" + name);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** Sends JSON; gives the answer with its ETag, or throws with what the worker said. */
async function send(method, path, body, headers = {}) {
  const sent = { method, headers: { ...allowed(), ...headers }, signal: AbortSignal.timeout(40_000) };
  if (body) [sent.body, sent.headers["content-type"]] = [JSON.stringify(body), "application/json"];
  const answer = await fetch(path, sent);
  const told = answer.status === 204 ? {} : await answer.json();
  needsToken(answer.status);
  if (!answer.ok) throw Object.assign(new Error(told.error ?? answer.statusText), { told });
  return { told, etag: answer.headers.get("etag") };
}

function tell(text, bad = false) {
  put(byId("editortold"), text);
  byId("editortold").className = bad ? "error" : "hint";
}

/** The watch as the form has it. */
function written() {
  const watch = { id: field("id").value.trim(), when: field("when").value, severity: field("severity").value };
  if (field("name").value.trim()) watch.name = field("name").value.trim();
  if (field("owner").value.trim()) watch.owner = field("owner").value.trim();
  if (field("forms").value) watch.forms = field("forms").value === "yes";
  if (field("quiet").checked) watch.quiet = true;
  if (field("expires").value) watch.expires = field("expires").value;
  const [match, without] = [lines(field("match").value), lines(field("nomatch").value)];
  if (match.length) watch.match = match;
  if (without.length) watch.no_match = without;
  return { ...kept, ...watch };
}

let kept = {}; // what the form does not show of a watch, and saves again

function fill(watch) {
  const { id, name, owner, when, severity, forms, quiet, expires, match, no_match, ...rest } = watch;
  kept = rest;
  field("id").value = id ?? "";
  field("id").readOnly = Boolean(edited);
  field("name").value = name ?? "";
  field("owner").value = owner ?? "";
  field("when").value = when;
  field("severity").value = severity;
  field("forms").value = forms === undefined ? "" : forms ? "yes" : "no";
  field("quiet").checked = Boolean(quiet);
  field("expires").value = expires ?? "";
  field("match").value = (match ?? []).map((text) => text.replace(/\s+/g, " ")).join("\n");
  field("nomatch").value = (no_match ?? []).map((text) => text.replace(/\s+/g, " ")).join("\n");
  put(byId("editorhead"), edited ? `Watch ${name ?? id}` : "New watch");
  for (const name of ["undo", "remove"]) byId("editor" + name).hidden = !edited;
  byId("editorpast").hidden = !edited;
}

/** Marks the place of an error in the query. */
function mark({ error, message, expected, hint, column, query }) {
  const wrong = Boolean(error);
  field("when").setAttribute("aria-invalid", String(wrong));
  const told = message ? [message, expected && `expected: ${expected}`, hint] : [error];
  byId("w-wrong").replaceChildren(...told.filter(Boolean).map((text) => make("span", {}, text)));
  const place = byId("w-place");
  place.hidden = !column;
  if (!column) return;
  const points = [...(query ?? field("when").value)];
  const rest = points.slice(column - 1).join("");
  const word = rest.match(/^\S+/)?.[0] ?? " ";
  const before = points.slice(0, column - 1).join("");
  place.replaceChildren(before.length > 120 ? "…" + before.slice(-120) : before, make("mark", { class: "wrong" }, word), rest.slice(word.length, 120));
}

/** A headline that leads to the alert, where the article gave one. */
function headline({ alert, title }) {
  const text = title || "(no headline)";
  return alert ? make("a", { href: `alerts/${encodeURIComponent(alert)}`, target: "_blank", rel: "noopener", dir: "auto" }, text) : make("span", { dir: "auto" }, text);
}

function hit(found) {
  const words = [...new Set(found.clauses.flatMap((clause) => clause.spans.map((span) => span.exact)))].slice(0, 6).join(" · ");
  return make("li", {}, headline(found), " ", make("small", {}, found.alert ? words : `${words} · no alert`));
}

/** What a change adds, and what it loses: the first of each. */
function changes({ added, more, lost, fewer }) {
  const row = (sign) => (article) => make("li", {}, make("small", {}, sign), " ", headline(article));
  const some = (list, count, sign) => {
    const rows = list.slice(0, CHANGES).map(row(sign));
    const rest = count - rows.length;
    return rest > 0 ? [...rows, make("li", {}, make("small", {}, `${sign} ${rest.toLocaleString()} others`))] : rows;
  };
  return [...some(added, more, "now also"), ...some(lost, fewer, "no more")];
}

/** The outlets with most of the hits, where there are several. */
function from(outlets) {
  const rows = Object.entries(outlets).sort((a, b) => b[1] - a[1]);
  return rows.length < 2 ? "" : ` ${rows.slice(0, 4).map(([outlet, count]) => `${outlet || "(no outlet)"} ${count}`).join(", ")}.`;
}

/** The other forms of a word in the articles, which `~` would find. */
function otherForms({ word, articles, others }) {
  return `${word}: ${articles.toLocaleString()} ${articles === 1 ? "article" : "articles"}; ${word}~ would also find ${others.map(([form, count]) => `${form} ${count.toLocaleString()}`).join(", ")}`;
}

/** Empties what was told of a query. */
function clear() {
  for (const list of ["w-warnings", "w-changes", "w-hits"]) byId(list).replaceChildren();
}

/** Reads the query, and tries it on what is kept. */
async function attempt() {
  const mine = (tried += 1);
  const watch = written();
  if (!watch.when.trim()) {
    mark({});
    put(byId("w-told"), "");
    return clear();
  }
  const asked = { when: watch.when, forms: watch.forms, owner: watch.owner, id: edited ?? undefined };
  try {
    const { told } = await send("POST", "watches/try", asked);
    if (mine !== tried) return;
    mark({});
    const against = told.against_now && (told.against_now.more || told.against_now.fewer) ? `; than now ${told.against_now.more} more, ${told.against_now.fewer} fewer` : "";
    const aside = told.aside ? ` It would be set aside: ${told.aside}.` : "";
    const { matched, takes_away, outlets, samples, forms } = told.found;
    put(byId("w-told"), `Of the latest ${told.looked_at.toLocaleString()} articles it matches ${matched.toLocaleString()}${against}.${from(outlets)}${aside}`);
    const warned = (not) => told.warnings.some((warning) => warning.startsWith(`${not} takes away`));
    const without = takes_away.filter(([not]) => !warned(not)).map(([not, count]) => `${not} takes away ${count.toLocaleString()}`);
    byId("w-warnings").replaceChildren(...[...without, ...told.warnings, ...(forms ?? []).map(otherForms)].map((text) => make("li", {}, text)));
    byId("w-changes").replaceChildren(...(told.against_now ? changes(told.against_now) : []));
    byId("w-hits").replaceChildren(...samples.map(hit));
  } catch (error) {
    if (mine !== tried) return;
    mark(error.told ?? { error: error.message });
    put(byId("w-told"), "");
    clear();
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(attempt, PAUSE);
}

async function save(event) {
  event.preventDefault();
  tell("…");
  const watch = written();
  try {
    const path = `watches/${encodeURIComponent(watch.id)}`;
    const { told, etag } = edited ? await send("PUT", path, watch, { "if-match": tag }) : await send("POST", "watches", watch);
    tell(told.watch.quiet ? "Saved; it is quiet." : "Saved, and in force.");
    [edited, tag] = [watch.id, etag];
    fill(told.watch);
    past();
    saved();
  } catch (error) {
    if (error.told?.column) mark(error.told);
    tell([error.message, ...(error.told?.failures ?? [])].join(" · "), true);
  }
}

/** Something done with the watch that is edited. */
async function act(method, path, done) {
  try {
    await send(method, `watches/${encodeURIComponent(edited)}${path}`, null, { "if-match": tag });
    saved();
    await done();
  } catch (error) {
    tell(error.message, true);
  }
}

/** What it was before, and since when. */
async function past() {
  const { told } = await send("GET", `watches/${encodeURIComponent(edited)}/revisions`);
  const row = (change) => make("li", { value: change.revision }, `${WHEN.format(new Date(change.at))}${change.by ? ", " + change.by : ""}: `, change.watch ? make("code", {}, (change.watch.quiet ? "quiet: " : "") + change.watch.when) : "taken away");
  byId("w-past").replaceChildren(...told.revisions.map(row));
}

/** Opens a watch that was written over HTTP. */
export async function open(id) {
  try {
    const { told, etag } = await send("GET", `watches/${encodeURIComponent(id)}`);
    [edited, tag] = [id, etag];
    show(told.watch);
    await past();
  } catch (error) {
    show(NEW);
    tell(error.message, true);
  }
}

function show(watch) {
  byId("editor").hidden = false;
  tell("");
  fill(watch);
  attempt();
  byId("editor").scrollIntoView({ block: "nearest" });
  field(edited ? "when" : "name").focus();
}

/** A new watch. */
export function begin() {
  [edited, tag] = [null, null];
  show(NEW);
}

/** Quiets a watch, or has it asked again. */
export async function quiet(id, be) {
  const { told, etag } = await send("GET", `watches/${encodeURIComponent(id)}`);
  await send("PUT", `watches/${encodeURIComponent(id)}`, { ...told.watch, quiet: be }, { "if-match": etag });
}

/** Calls back whenever a watch was changed. */
export function start(changed) {
  saved = changed;
  byId("watchform").addEventListener("submit", save);
  field("when").addEventListener("input", soon);
  for (const name of ["forms", "owner"]) field(name).addEventListener("change", soon);
  // the id of a new one is made of its name, until it is given
  field("name").addEventListener("input", () => {
    if (edited || field("id").dataset.given) return;
    field("id").value = field("name").value.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  });
  field("id").addEventListener("input", () => (field("id").dataset.given = field("id").value ? "yes" : ""));
  byId("editorclose").addEventListener("click", () => (byId("editor").hidden = true));
  byId("editorundo").addEventListener("click", () => act("POST", "/undo", () => open(edited).then(() => tell("As it was before."))));
  byId("editorremove").addEventListener("click", () => {
    if (confirm(`Take the watch “${edited}” away?`)) act("DELETE", "", () => (byId("editor").hidden = true));
  });
}
