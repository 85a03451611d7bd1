// One article: its card with tags and quotes, and opened its text with all evidence marked.
import { ago, copy, flagged, flag, make, WHEN } from "./dom.js";
import { filterBy } from "./filter.js";

const WEAK = 0.1; // relevance below which a topic is a guess

export const topicKey = (code) => "topic." + code.replace(/^medtop:/, "").replaceAll(":", ".");
const percent = (share) => Math.round(100 * share) + "\u00a0%";

function chip(kind, key, name, title, ...label) {
  const onclick = (event) => filterBy(key, name, event.shiftKey);
  return make("li", {}, make("button", { type: "button", class: kind, title: `${title}\nShow the alerts of ${key}; with Shift those that have it as well`, onclick }, ...label));
}

const countryKey = (c) => (c.focus ? "country." : "mention.") + c.code;
const officialKey = (o) => (o.citation === "mentioned" ? "official." : "said.") + o.slug;

function chips(article) {
  const out = make("ul", { class: "chips", "aria-label": "Tags" });
  for (const c of article.countries) {
    const about = `${c.focus ? "The story is about it" : "Named only"}, salience ${percent(c.salience)}`;
    out.append(chip(c.focus ? "country" : "country named", countryKey(c), c.name, about, flagged(c.code) + c.name));
  }
  for (const t of article.topics) {
    out.append(chip(t.relevance < WEAK ? "topic named" : "topic", topicKey(t.code), t.name, `Relevance ${percent(t.relevance)}: how much speaks for the topic`, t.name));
  }
  for (const o of article.officials) {
    out.append(chip("official", officialKey(o), o.name, [o.office, o.country].filter(Boolean).join(", "), o.name + " ", make("small", {}, o.citation)));
  }
  for (const w of article.watches ?? []) {
    out.append(chip("watch", `watch.${w.id}`, w.name, `A watch that matches: ${w.clauses.map((c) => c.expr).join("; ")}`, w.name + " ", make("small", {}, w.severity)));
  }
  return out;
}

function speaker(quote, officials, sign = flag) {
  const official = officials.find((o) => o.slug === quote.speaker?.official);
  if (official) return [official.name, official.office, official.country && sign(official.country)].filter(Boolean).join(", ");
  return quote.speaker?.name ?? quote.speaker?.mention?.exact ?? "no speaker named";
}

/** The quotes to show on a closed card: direct before indirect, of officials before others. */
export function best(quotes, most = 2) {
  const worth = (q) => (q.kind === "direct" ? 2 : q.kind === "mixed" ? 1 : 0) + (q.speaker?.official ? 3 : q.speaker ? 1 : 0);
  return quotes.filter((q) => q.speaker && q.field === "text").sort((a, b) => worth(b) - worth(a) || a.start - b.start).slice(0, most);
}

/** What is quoted; of one that is split by its cue ("…," he said, "…") both parts. */
export function quoted(quote) {
  const { start, end, exact, cue } = quote;
  if (!cue || cue.start < start || cue.end > end) return exact;
  const points = Array.from(exact);
  const before = points.slice(0, cue.start - start).join("").match(/^.*["”“»’]/su);
  const after = points.slice(cue.end - start).join("").match(/["“„«‘].*$/su);
  return before && after ? `${before[0]} ${after[0]}` : exact;
}

/** A quote as one passes it on: with its speaker, how it is said, source, date and address. */
export function citation(quote, article) {
  const date = article.published_at ?? article.received_at;
  const source = [article.source?.name ?? article.source?.domain, date && WHEN.format(new Date(date))].filter(Boolean).join(", ");
  const how = quote.kind === "direct" ? "" : ` (${quote.kind})`;
  const said = `${quoted(quote)}\n— ${speaker(quote, article.officials, (code) => code)}${how}`;
  return [said, [article.title, source].filter(Boolean).join(" — "), article.url].filter(Boolean).join("\n");
}

function quoteOf(quote, article) {
  const words = quoted(quote);
  const text = words.length > 320 ? words.slice(0, 320) + "…" : words;
  const how = quote.kind === "direct" ? "" : ` (${quote.kind})`;
  const button = make("button", { type: "button", class: "copy", title: "Copy this quote with speaker, source and address" }, "Copy");
  button.addEventListener("click", () => copy(citation(quote, article), button));
  return make("blockquote", { dir: "auto" }, text, make("footer", {}, make("span", {}, "— " + speaker(quote, article.officials) + how), button));
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
  for (const t of article.topics) t.evidence.forEach((m) => add(m, "topic", `${t.name} (${percent(t.relevance)})`));
  for (const o of article.officials) o.mentions.forEach((m) => add(m, "official", [o.name, o.office, o.country].filter(Boolean).join(", ")));
  add(article.dateline?.span, "country", "dateline");
  for (const w of article.watches ?? []) for (const c of w.clauses) c.spans.forEach((m) => add(m, "watch", `watch ${w.name}: ${c.expr}`));
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

function table(article) {
  const head = ["Tag", "Key", "Found by"].map((text) => make("th", { scope: "col" }, text));
  const out = make("table", {}, make("tr", {}, ...head));
  const row = (name, key, found) => out.append(make("tr", {}, make("td", {}, name), make("td", {}, make("code", {}, key)), make("td", { dir: "auto" }, [...new Set(found.map((s) => s.exact))].slice(0, 8).join(" · "))));
  for (const c of article.countries) row(`${flagged(c.code)}${c.name}, salience ${percent(c.salience)}`, countryKey(c), c.mentions);
  for (const t of article.topics) row(`${t.name}, relevance ${percent(t.relevance)}`, topicKey(t.code), t.evidence);
  for (const o of article.officials) row([o.name, o.office, o.country, o.citation].filter(Boolean).join(", "), officialKey(o), o.mentions);
  // each clause that holds, and its words
  const held = (c) => ({ exact: [c.expr, ...new Set(c.spans.map((s) => s.exact))].join(" → ") });
  for (const w of article.watches ?? []) row(`${w.name}, watch, ${w.severity}`, `watch.${w.id}`, w.clauses.map(held));
  return out;
}

/** Where an alert can be found again. */
function addresses({ number, alert }) {
  const address = new URL(`alerts/${alert.id}${number ? `?at=${number}` : ""}`, location.origin + location.pathname).href;
  const button = make("button", { type: "button" }, "Copy the link to this alert");
  button.addEventListener("click", () => copy(address, button));
  return make("p", { class: "row" }, button, make("a", { href: address, type: "application/json", target: "_blank", rel: "noopener" }, "Open it alone"));
}

function details(article, entry) {
  const all = spans(article);
  const of = (field) => all.filter((s) => s.field === field);
  const legend = make("p", { class: "legend" }, "Marked: ");
  const kinds = ["country", "topic", "official", "quote", "cue", "speaker"];
  if (article.watches?.length) kinds.push("watch");
  for (const kind of kinds) legend.append(make("mark", { class: kind }, kind));
  const told = "Salience says how much speaks for the story being about a country, relevance how much the words that were found speak for a topic. A dashed tag is named only, or no more than a guess.";
  return make(
    "div",
    { class: "body" },
    legend,
    make("p", { class: "words title", dir: "auto" }, marked(article.title, of("title"))),
    make("div", { class: "words", dir: "auto" }, marked(article.text, of("text"))),
    table(article),
    make("p", { class: "hint" }, told),
    entry && addresses(entry),
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

function meta(article) {
  const when = article.published_at ? new Date(article.published_at) : null;
  const came = article.received_at ? new Date(article.received_at) : null;
  const parts = [
    article.source?.name ?? article.source?.domain,
    when && !isNaN(when) && WHEN.format(when),
    came && !isNaN(came) && make("time", { datetime: came.toISOString(), title: WHEN.format(came) }, "came in " + ago(came)),
    article.language,
    article.url && link(article.url),
  ];
  return make("p", { class: "meta" }, ...parts.filter(Boolean).flatMap((part, at) => (at ? [" · ", part] : [part])));
}

/**
 * The card of an article. `entry` is the alert with its number, if it is one; `toggled` is told when it is opened or
 * closed.
 */
export function card(given, { entry = null, open = false, toggled = () => {} } = {}) {
  // what is told besides articles has less
  const article = { title: "", text: "", countries: [], topics: [], officials: [], quotes: [], ...given };
  const button = make("button", { type: "button", "aria-expanded": String(open), dir: "auto" }, article.title || "(no headline)");
  const out = make("article", { class: "alert" }, make("h3", {}, button), meta(article), chips(article));
  for (const quote of best(article.quotes)) out.append(quoteOf(quote, article));
  let body = null;
  const show = (visible) => {
    button.setAttribute("aria-expanded", String(visible));
    if (visible && !body) out.append((body = details(article, entry)));
    if (body) body.hidden = !visible;
  };
  button.addEventListener("click", () => {
    const visible = button.getAttribute("aria-expanded") !== "true";
    show(visible);
    toggled(out, visible);
  });
  if (open) show(true);
  return out;
}
