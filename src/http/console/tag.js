// The tags of an article that is pasted in.
import { card } from "./article.js";
import { allowed, needsToken } from "./dead.js";
import { byId } from "./dom.js";

function contentType(text) {
  if (text.startsWith("{")) return "application/json";
  return text.startsWith("<") ? "text/html" : "text/plain";
}

const many = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

function tell(message, bad = false) {
  byId("tagged").textContent = message;
  byId("tagged").className = bad ? "error" : "";
}

async function tag(event) {
  event.preventDefault();
  const text = byId("article").value.trim();
  byId("result").replaceChildren();
  if (!text) return tell("Paste something first.", true);
  if (/^(https?:\/\/|www\.)\S+$/i.test(text)) {
    return tell("This is an address, and nothing is fetched: open it, and paste the text or the HTML of the page.", true);
  }
  tell("…");
  const headers = { "content-type": contentType(text), ...allowed() };
  try {
    const answer = await fetch("tag", { method: "POST", headers, body: text });
    const tagged = await answer.json();
    needsToken(answer.status);
    if (!answer.ok) return tell(tagged.error, true);
    const tags = tagged.countries.length + tagged.topics.length + tagged.officials.length;
    tell(`${many(tags, "tag")}, ${many(tagged.quotes.length, "attribution")}` + (tags ? "" : ": no alert would come of it"));
    byId("result").append(card(tagged, { open: true }));
  } catch (error) {
    tell("The worker does not answer: " + error.message, true);
  }
}

export function start() {
  byId("tag").addEventListener("submit", tag);
}
