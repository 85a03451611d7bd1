// Dead letters: articles that could not be worked on, each with its reason and body; to be replayed or dropped.
import { ago, byId, make, put } from "./dom.js";

const SHOWN = 20_000; // characters of a body
const PAGE = 50; // more than these are loaded when asked for

let behind = 0; // the row after which the next page begins
let loads = 0; // how many loads have begun: what an older one still gets belongs to a list that is gone

/** The header that lets one send; nothing where none is needed. */
export const allowed = () => (byId("token").value ? { authorization: "Bearer " + byId("token").value } : {});

/** Asks for the token where it is needed. */
export function needsToken(status) {
  if (status === 401 || status === 403) byId("pass").hidden = false;
}

function tell(text, bad = false) {
  put(byId("deadtold"), text);
  byId("deadtold").className = bad ? "error" : "hint";
}

/** An answer, or an error in the worker's words. */
async function ask(path, method = "GET") {
  const answer = await fetch(path, { method, headers: allowed(), signal: AbortSignal.timeout(40_000) });
  if (answer.ok) return answer;
  needsToken(answer.status);
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.error ?? answer.statusText);
}

async function showBody(letter, row) {
  const shown = row.querySelector("pre");
  if (shown) return shown.remove();
  const text = await (await ask(`dead/${letter.row}`)).text();
  row.append(make("pre", { tabindex: "0" }, text.length > SHOWN ? text.slice(0, SHOWN) + "…" : text));
}

/** A button that does something with a letter, and takes its row away if that is done. */
function button(label, act) {
  const out = make("button", { type: "button" }, label);
  out.addEventListener("click", async () => {
    out.disabled = true;
    try {
      await act();
    } catch (error) {
      tell(error.message, true);
    }
    out.disabled = false;
  });
  return out;
}

function row(letter) {
  const { article } = letter;
  const out = make("li", { class: "alert" });
  const gone = async (method, path, done) => {
    await ask(path, method);
    out.remove();
    tell(done);
  };
  const seen = letter.first_seen ? "came in " + ago(new Date(letter.first_seen)) : "";
  const tried = `${letter.attempts} attempt${letter.attempts === 1 ? "" : "s"}`;
  const name = article.title ?? article.url ?? article.id ?? "(no headline)";
  const from = typeof article.source === "string" ? article.source : article.source?.name ?? article.source?.domain;
  out.append(
    make("h3", { dir: "auto" }, name),
    make("p", { class: "meta" }, [from, seen, tried, letter.content_type, `${letter.bytes.toLocaleString()} bytes`, letter.id].filter(Boolean).join(" · ")),
    make("p", {}, make("strong", {}, letter.reason), " " + letter.error),
    make(
      "p",
      { class: "row" },
      button("Body", () => showBody(letter, out)),
      button("Replay", () => gone("POST", `dead/${letter.row}/replay`, "Put back to work.")),
      // gone for good: asked for twice
      button("Drop", async () => confirm(`Drop “${name}” for good?`) && gone("DELETE", `dead/${letter.row}`, "Dropped.")),
    ),
  );
  return out;
}

async function load(more = false) {
  const own = ++loads;
  if (!more) {
    behind = 0;
    byId("deadlist").replaceChildren();
  }
  tell("…");
  try {
    let [left, leftOut] = [0, 0];
    for (let shown = 0; shown < PAGE; ) {
      const told = await (await ask(`dead?after=${behind}`)).json();
      if (own !== loads) return;
      byId("deadlist").append(...told.dead.map(row));
      behind = told.dead.at(-1)?.row ?? behind;
      [left, leftOut, shown] = [told.behind, told.left_out ?? 0, shown + told.dead.length];
      if (!told.dead.length || !left) break;
    }
    byId("deadmore").hidden = !left;
    const more = leftOut ? `${leftOut.toLocaleString()} more in the queue: presswatch dead list shows them` : left ? `${left.toLocaleString()} more` : "";
    tell(byId("deadlist").childElementCount ? more : "No dead letters.");
  } catch (error) {
    if (own !== loads) return;
    byId("deadmore").hidden = true;
    tell(error.message, true);
  }
}

export function open() {
  byId("dead").hidden = false;
  byId("dead").scrollIntoView({ block: "nearest" });
  byId("deadclose").focus();
  load();
}

export function start() {
  byId("deadclose").addEventListener("click", () => (byId("dead").hidden = true));
  byId("deadagain").addEventListener("click", () => load());
  byId("deadmore").addEventListener("click", () => load(true));
}
