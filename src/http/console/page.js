// The console: alerts as they come, the last hour, and the tags of an article that is pasted in.
// What comes from articles is only ever put in as text, never as markup.
const SHOWN = 200; // cards that are kept
const PER_TICK = 4; // cards added at once: with TICK, 16 a second, more than anyone reads
const TICK = 250; // milliseconds
const RECENT = 50; // alerts asked for at the start
const STATE_EVERY = 3000; // milliseconds
const AGO_EVERY = 15_000; // milliseconds

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const byId = (id) => document.getElementById(id);
const list = byId("alerts");

/** Puts text where it differs: what is read aloud is not read again. */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** "2 minutes ago". */
const AGO = new Intl.RelativeTimeFormat("en");
function ago(when) {
  const minutes = Math.floor((Date.now() - when) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return AGO.format(-minutes, "minute");
  return minutes < 1440 ? AGO.format(-Math.floor(minutes / 60), "hour") : AGO.format(-Math.floor(minutes / 1440), "day");
}

/** An element with attributes and children; strings become text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function flag(code) {
  if (!/^[A-Z]{2}$/.test(code ?? "")) return "";
  return String.fromCodePoint(...[...code].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65)) + " ";
}

const topicKey = (code) => "topic." + code.replace(/^medtop:/, "").replaceAll(":", ".");

// ---- one alert ----

function chip(kind, key, ...label) {
  const title = "Show the alerts of " + key;
  return make("li", {}, make("button", { type: "button", class: kind, title, onclick: () => filterBy(key) }, ...label));
}

function chips(article) {
  const out = make("ul", { class: "chips", "aria-label": "Tags" });
  for (const country of article.countries) {
    const key = (country.focus ? "country." : "mention.") + country.code;
    out.append(chip(country.focus ? "country" : "country named", key, flag(country.code) + country.name));
  }
  for (const topic of article.topics) out.append(chip("topic", topicKey(topic.code), topic.name));
  for (const official of article.officials) {
    const said = official.citation !== "mentioned";
    const key = (said ? "said." : "official.") + official.slug;
    out.append(chip("official", key, official.name + " ", make("small", {}, official.citation)));
  }
  return out;
}

function speaker(quote, officials) {
  const official = officials.find((o) => o.slug === quote.speaker?.official);
  if (official) {
    return [official.name, official.office, official.country && flag(official.country).trim()].filter(Boolean).join(", ");
  }
  return quote.speaker?.name ?? quote.speaker?.mention?.exact ?? "no speaker named";
}

/** The quotes to show on a closed card: direct before indirect, of officials before others. */
function best(quotes) {
  const worth = (q) => (q.kind === "direct" ? 2 : q.kind === "mixed" ? 1 : 0) + (q.speaker?.official ? 3 : q.speaker ? 1 : 0);
  return quotes.filter((q) => q.speaker && q.field === "text").sort((a, b) => worth(b) - worth(a) || a.start - b.start).slice(0, 2);
}

/** What is quoted; of one that is split by its cue ("…," he said, "…") both parts. */
function quoted(quote) {
  const { start, end, exact, cue } = quote;
  if (!cue || cue.start < start || cue.end > end) return exact;
  const points = Array.from(exact);
  const before = points.slice(0, cue.start - start).join("").match(/^.*["”“»’]/su);
  const after = points.slice(cue.end - start).join("").match(/["“„«‘].*$/su);
  return before && after ? `${before[0]} ${after[0]}` : exact;
}

function quoteOf(quote, officials) {
  const words = quoted(quote);
  const text = words.length > 320 ? words.slice(0, 320) + "…" : words;
  const how = quote.kind === "direct" ? "" : ` (${quote.kind})`;
  return make("blockquote", { dir: "auto" }, text, make("footer", {}, "— " + speaker(quote, officials) + how));
}

/** All spans of an article with what they are evidence of. */
function spans(article) {
  const out = [];
  const add = (span, kind, tells) => span && out.push({ field: span.field, start: span.start, end: span.end, kind, tells });
  for (const quote of article.quotes) {
    const of = speaker(quote, article.officials);
    add(quote, "quote", `${quote.kind} quote of ${of}`);
    add(quote.cue, "cue", `cue: ${quote.cue_class}`);
    add(quote.speaker?.mention, "speaker", `speaker: ${of}`);
  }
  for (const c of article.countries) c.mentions.forEach((m) => add(m, "country", c.name));
  for (const t of article.topics) t.evidence.forEach((m) => add(m, "topic", `${t.name} (${t.relevance})`));
  for (const o of article.officials) o.mentions.forEach((m) => add(m, "official", [o.name, o.office, o.country].filter(Boolean).join(", ")));
  add(article.dateline?.span, "country", "dateline");
  return out;
}

/** A text with its spans marked; they may lie in one another. Offsets count code points. */
function marked(text, found) {
  const points = Array.from(text);
  const cuts = [...new Set([0, points.length, ...found.flatMap((s) => [s.start, s.end])])].sort((a, b) => a - b);
  const starts = [...found].sort((a, b) => a.start - b.start);
  const out = document.createDocumentFragment();
  let open = [];
  let next = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i], cuts[i + 1]];
    while (next < starts.length && starts[next].start <= from) open.push(starts[next++]);
    open = open.filter((s) => s.end > from);
    const part = points.slice(from, to).join("");
    if (open.length === 0) out.append(part);
    else {
      const kinds = [...new Set(open.map((s) => s.kind))].join(" ");
      out.append(make("mark", { class: kinds, title: [...new Set(open.map((s) => s.tells))].join("\n") }, part));
    }
  }
  return out;
}

function details(article) {
  const all = spans(article);
  const of = (field) => all.filter((s) => s.field === field);
  const legend = make("p", { class: "legend" }, "Marked: ");
  for (const kind of ["country", "topic", "official", "quote", "cue", "speaker"]) legend.append(make("mark", { class: kind }, kind));
  const table = make("table", {}, make("tr", {}, make("th", { scope: "col" }, "Tag"), make("th", { scope: "col" }, "Key"), make("th", { scope: "col" }, "Found by")));
  const row = (name, key, found) => table.append(make("tr", {}, make("td", {}, name), make("td", {}, make("code", {}, key)), make("td", { dir: "auto" }, [...new Set(found.map((s) => s.exact))].slice(0, 8).join(" · "))));
  for (const c of article.countries) row(`${flag(c.code)}${c.name}, salience ${c.salience}`, (c.focus ? "country." : "mention.") + c.code, c.mentions);
  for (const t of article.topics) row(`${t.name}, relevance ${t.relevance}`, topicKey(t.code), t.evidence);
  for (const o of article.officials) row([o.name, o.office, o.country, o.citation].filter(Boolean).join(", "), (o.citation === "mentioned" ? "official." : "said.") + o.slug, o.mentions);
  return make(
    "div",
    { class: "body" },
    legend,
    make("p", { class: "words title", dir: "auto" }, marked(article.title, of("title"))),
    make("div", { class: "words", dir: "auto" }, marked(article.text, of("text"))),
    table,
  );
}

function link(url) {
  try {
    const parsed = new URL(url);
    if (parsed.protocol === "http:" || parsed.protocol === "https:") {
      return make("a", { href: parsed.href, rel: "noopener noreferrer nofollow", target: "_blank" }, parsed.hostname);
    }
  } catch {
    // no address
  }
  return null;
}

function card(article, open = false) {
  const button = make("button", { type: "button", "aria-expanded": String(open), dir: "auto" }, article.title || "(no headline)");
  const when = article.published_at ? new Date(article.published_at) : null;
  const came = article.received_at ? new Date(article.received_at) : null;
  const parts = [
    article.source?.name ?? article.source?.domain,
    when && !isNaN(when) && WHEN.format(when),
    came && !isNaN(came) && make("time", { datetime: came.toISOString(), title: WHEN.format(came) }, "came in " + ago(came)),
    article.language,
    article.url && link(article.url),
  ];
  const meta = make("p", { class: "meta" }, ...parts.filter(Boolean).flatMap((part, at) => (at ? [" · ", part] : [part])));
  const out = make("article", { class: "alert" }, make("h3", {}, button), meta, chips(article));
  for (const quote of best(article.quotes)) out.append(quoteOf(quote, article.officials));
  let body = null;
  const show = (visible) => {
    button.setAttribute("aria-expanded", String(visible));
    if (visible && !body) out.append((body = details(article)));
    if (body) body.hidden = !visible;
  };
  button.addEventListener("click", () => {
    const visible = button.getAttribute("aria-expanded") !== "true";
    show(visible);
    // nothing moves away from who reads
    if (visible && list.contains(out)) reading.add(out);
    else reading.delete(out);
    tell();
  });
  if (open) show(true);
  return out;
}

// ---- the stream ----

let source = null;
let patterns = [];
let waiting = []; // unparsed, the newest last
let held = false; // by the button
const reading = new Set(); // open cards, which hold the stream as well
let unread = 0; // that came while nobody looked at the page, or it was paused
let reached = ["connecting", ""];
let came = 0; // with this filter
let skipped = 0; // of them
let arrived = []; // when, of the last seconds
let opened = 0;
let ids = new Set();
let again = null;
let exchange = null; // none on the embedded store

function status(text, kind) {
  reached = [text, kind];
  tell();
}

const paused = () => held || reading.size > 0;

/** Says whether alerts come, and how many are new. */
function tell() {
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

/** The chosen keys as a query. */
const keys = () => new URLSearchParams(patterns.map((key) => ["key", key]));

function connect() {
  clearTimeout(again);
  source?.close();
  const query = keys();
  query.append("recent", RECENT);
  source = new EventSource("alerts?" + query);
  source.onopen = () => {
    status("live", "good");
    opened = Date.now();
  };
  source.onerror = () => {
    status("connection lost, trying again", "bad");
    // a browser gives up for good after an answer that is no stream
    if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, 3000);
  };
  source.addEventListener("alert", (event) => {
    // what comes at once is of the past
    if (Date.now() - opened > 1000) {
      arrived.push(Date.now());
      if (paused() || document.hidden) unread += 1;
    }
    came += 1;
    waiting.push(event.data);
    // while nobody looks, only the newest are kept
    if (waiting.length > SHOWN) skipped += waiting.splice(0, waiting.length - SHOWN).length;
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
  if (waiting.length > 2 * RECENT) {
    skipped += waiting.length - PER_TICK;
    waiting = waiting.slice(-PER_TICK);
  }
  const some = list.childElementCount < RECENT ? RECENT : PER_TICK;
  for (const data of waiting.splice(0, some)) add(data);
  const notice = byId("sampled");
  notice.hidden = skipped === 0;
  if (skipped) notice.textContent = `More alerts come than can be shown: ${skipped.toLocaleString()} of ${came.toLocaleString()} were left out. Choose a key to see fewer; a queue gets them all.`;
}

function add(data) {
  const alert = JSON.parse(data);
  if (ids.has(alert.id)) return;
  ids.add(alert.id);
  byId("empty").hidden = true;
  list.prepend(card(alert.data));
  while (list.childElementCount > SHOWN) list.lastElementChild.remove();
  if (ids.size > 20 * SHOWN) ids = new Set([...ids].slice(-10 * SHOWN));
}

/** What gives the same alerts to a program: bindings of a queue, or the stream where there is no broker. */
function binding() {
  const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
  byId("same").textContent = exchange ? "The same for a queue of yours:" : "The same in a terminal:";
  byId("command").textContent = exchange
    ? patterns.map((key) => `rabbitmqadmin declare binding source=${quoted(exchange)} destination=YOUR_QUEUE routing_key=${quoted(key)}`).join("\n")
    : `curl -N ${quoted(location.origin + "/alerts?" + keys())}`;
}

function filterBy(text) {
  patterns = text.split(/\s+/).filter(Boolean);
  byId("key").value = patterns.join(" ");
  byId("heading").textContent = patterns.length ? "Alerts of " + patterns.join(", ") : "Alerts";
  byId("binding").hidden = patterns.length === 0;
  byId("copy").textContent = "Copy";
  binding();
  history.replaceState(null, "", patterns.length ? "?" + keys() : location.pathname);
  // what fits is shown, whatever was being read
  held = false;
  reading.clear();
  list.replaceChildren();
  [waiting, came, skipped, ids] = [[], 0, 0, new Set()];
  byId("empty").hidden = false;
  byId("none").textContent = patterns.length ? "No alert of this key yet." : "No alert yet.";
  connect();
}

// ---- the last hour and the worker's state ----

function top(id, entries) {
  const most = Math.max(1, ...entries.map((entry) => entry.count));
  byId(id).replaceChildren(
    ...entries.map((entry) => {
      const code = entry.key.startsWith("country.") ? flag(entry.key.slice(8)) : "";
      const button = make("button", { type: "button", title: entry.key, onclick: () => filterBy(entry.key) }, make("span", {}, code + entry.name), make("span", {}, String(entry.count)));
      button.style.setProperty("--share", Math.round((100 * entry.count) / most) + "%");
      return make("li", {}, button);
    }),
  );
}

async function state() {
  try {
    const answer = await fetch("console/state", { signal: AbortSignal.timeout(5000) });
    const told = await answer.json();
    byId("broker").textContent = `${told.broker.kind} ${told.broker.state}`;
    byId("broker").className = "pill " + (told.broker.up ? "good" : "bad");
    if (exchange !== told.exchange) {
      exchange = told.exchange;
      binding();
    }
    byId("outcomes").replaceChildren(...Object.entries(told.outcomes).map(([name, count]) => make("div", {}, make("dt", {}, name), make("dd", {}, count.toLocaleString()))));
    byId("covered").textContent = `· ${told.hour.alerts.toLocaleString()} alerts` + (told.hour.minutes < 60 ? ` in ${told.hour.minutes} min` : "");
    top("countries", told.hour.countries);
    top("topics", told.hour.topics);
    top("officials", told.hour.officials);
    byId("keys").replaceChildren(...[...told.hour.countries, ...told.hour.topics, ...told.hour.officials].map((e) => make("option", { value: e.key }, e.name)));
  } catch {
    byId("broker").textContent = "worker does not answer";
    byId("broker").className = "pill bad";
  }
  setTimeout(state, STATE_EVERY);
}

// ---- an article of one's own ----

function contentType(text) {
  if (text.startsWith("{")) return "application/json";
  return text.startsWith("<") ? "text/html" : "text/plain";
}

byId("tag").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = byId("article").value.trim();
  const told = byId("tagged");
  const tell = (message, bad) => {
    told.textContent = message;
    told.className = bad ? "error" : "";
  };
  byId("result").replaceChildren();
  if (!text) return tell("Paste something first.", true);
  if (/^(https?:\/\/|www\.)\S+$/i.test(text)) {
    return tell("This is an address, and nothing is fetched: open it, and paste the text or the HTML of the page.", true);
  }
  tell("…", false);
  const headers = { "content-type": contentType(text) };
  if (byId("token").value) headers.authorization = "Bearer " + byId("token").value;
  try {
    const answer = await fetch("tag", { method: "POST", headers, body: text });
    const tagged = await answer.json();
    if (answer.status === 401 || answer.status === 403) document.querySelector(".token").hidden = false;
    if (!answer.ok) return tell(tagged.error, true);
    const tags = tagged.countries.length + tagged.topics.length + tagged.officials.length;
    const many = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
    tell(`${many(tags, "tag")}, ${many(tagged.quotes.length, "attribution")}` + (tags ? "" : ": no alert would come of it"), false);
    byId("result").append(card(tagged, true));
  } catch (error) {
    tell("The worker does not answer: " + error.message, true);
  }
});

// ---- buttons and keys ----

byId("filter").addEventListener("submit", (event) => {
  event.preventDefault();
  filterBy(byId("key").value);
});
byId("clear").addEventListener("click", () => filterBy(""));
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(byId("command").textContent);
    byId("copy").textContent = "Copied";
  } catch {
    // without a secure context there is no clipboard: select it, so that Ctrl-C takes it
    getSelection().selectAllChildren(byId("command"));
    byId("copy").textContent = "Press Ctrl-C";
  }
});

function pause() {
  held = !paused();
  reading.clear();
  tell();
}
byId("pause").addEventListener("click", pause);

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    byId("key").focus();
  } else if (event.key === "p") pause();
  else if (event.key === "j" || event.key === "k") {
    const heads = [...list.querySelectorAll("h3 button")];
    const at = heads.indexOf(document.activeElement);
    heads[Math.min(heads.length - 1, Math.max(0, event.key === "j" ? at + 1 : at - 1))]?.focus();
  }
});

byId("origin").textContent = location.origin;
if (matchMedia("(max-width: 56rem)").matches) byId("hour").open = false;
document.addEventListener("visibilitychange", tell);
setInterval(tick, TICK);
setInterval(() => {
  for (const time of list.querySelectorAll(".meta time")) put(time, "came in " + ago(new Date(time.dateTime)));
}, AGO_EVERY);
state();
filterBy(new URLSearchParams(location.search).getAll("key").join(" "));
