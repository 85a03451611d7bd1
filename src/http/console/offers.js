// The one input: names of countries, topics and officials are offered as they are typed, with their keys.
import { ask, byId, make } from "./dom.js";
import { add, addAll, call, set } from "./filter.js";

const PAUSE = 150; // milliseconds without a key, after which it is asked
const KEY = /^[-+]?(#|\*|alert|(country|mention|topic|official|said|watch|severity|\*|#)\..+)$/;

let offered = []; // what the list offers: functions to call
let active = -1;
let waiting = null;
let asked = 0;

const input = () => byId("key");
const list = () => byId("offers");

/** The list that a name goes to, and the name: "-Russia" must not be there, "+gas" has to. */
function parts(text) {
  const list = { "-": "none", "+": "all" }[text[0]] ?? "any";
  return [list, list === "any" ? text : text.slice(1)];
}

function close() {
  clearTimeout(waiting);
  asked += 1;
  [offered, active] = [[], -1];
  list().hidden = true;
  list().replaceChildren();
  input().setAttribute("aria-expanded", "false");
  input().removeAttribute("aria-activedescendant");
}

function choose(at) {
  const chosen = offered[at];
  input().value = "";
  close();
  chosen?.();
}

function point(at) {
  active = (at + offered.length) % offered.length;
  [...list().children].forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
  input().setAttribute("aria-activedescendant", `offer-${active}`);
  list().children[active].scrollIntoView({ block: "nearest" });
}

function option(at, label, about, act) {
  offered.push(act);
  const out = make("li", { role: "option", id: `offer-${at}`, "aria-selected": "false" }, make("span", {}, label), make("small", {}, about));
  // before the input loses the focus, which closes the list
  out.addEventListener("mousedown", (event) => {
    event.preventDefault();
    choose(at);
  });
  return out;
}

async function offer() {
  const text = input().value.trim();
  const [to, name] = parts(text);
  if (!name || KEY.test(text)) return close();
  const mine = (asked += 1);
  let found = [];
  try {
    found = (await ask("keys?" + new URLSearchParams({ q: name, limit: 8 }))).keys;
  } catch {
    // the text can be searched all the same
  }
  if (mine !== asked) return;
  [offered, active] = [[], -1];
  const options = found.map((entry, at) => {
    const lately = entry.lately ? `${entry.lately} in the last hour` : "";
    const about = [entry.kind, entry.about, lately].filter(Boolean).join(" · ");
    return option(at, entry.name, about, () => {
      call(entry.keys[0], entry.name);
      add(entry.keys[0], to);
    });
  });
  options.push(option(options.length, `“${text}”`, "search headlines and texts", () => set("text", text)));
  list().replaceChildren(...options);
  list().hidden = false;
  input().setAttribute("aria-expanded", "true");
}

async function submit(event) {
  event.preventDefault();
  const text = input().value.trim();
  if (!text) return;
  const given = text.split(/\s+/);
  if (given.every((part) => KEY.test(part))) {
    input().value = "";
    close();
    return addAll(given.map(parts));
  }
  if (active >= 0) return choose(active);
  // what is typed and sent at once is not lost: the first that is offered, or the text itself
  clearTimeout(waiting);
  await offer();
  choose(0);
}

export function start() {
  input().addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, PAUSE);
  });
  input().addEventListener("blur", close);
  input().addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (offered.length) point(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
      else offer();
    } else if (event.key === "Escape" && offered.length) {
      event.stopPropagation();
      close();
    }
  });
  byId("filter").addEventListener("submit", submit);
}
