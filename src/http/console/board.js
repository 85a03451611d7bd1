// The last hour, and the state of the worker.
import { open } from "./dead.js";
import { ask, byId, flagged, make, put } from "./dom.js";
import { call, filterBy } from "./filter.js";
import { bound } from "./share.js";
import { inForce } from "./watches.js";

const EVERY = 3000; // milliseconds

function top(id, entries) {
  const most = Math.max(1, ...entries.map((entry) => entry.count));
  byId(id).replaceChildren(
    ...entries.map((entry) => {
      call(entry.key, entry.name);
      const code = entry.key.startsWith("country.") ? flagged(entry.key.slice(8)) : "";
      const button = make("button", { type: "button", title: entry.key, onclick: (event) => filterBy(entry.key, entry.name, event.shiftKey) }, make("span", {}, code + entry.name), make("span", {}, String(entry.count)));
      button.style.setProperty("--share", Math.round((100 * entry.count) / most) + "%");
      return make("li", {}, button);
    }),
  );
}

function outcome(name, count) {
  const shown = count.toLocaleString();
  const opens = name === "dead" && make("button", { type: "button", title: "Show the dead letters", "aria-label": `${shown} dead letters: show them`, onclick: open }, shown);
  return make("div", {}, make("dt", {}, name), make("dd", {}, opens || shown));
}

let outcomes = "";

/** Only where they changed: who is about to press a button keeps it. */
function tellOutcomes(told) {
  if (outcomes === JSON.stringify(told)) return;
  outcomes = JSON.stringify(told);
  byId("outcomes").replaceChildren(...Object.entries(told).map(([name, count]) => outcome(name, count)));
}

async function state() {
  try {
    const told = await ask("console/state", { signal: AbortSignal.timeout(5000) });
    put(byId("broker"), `${told.broker.kind} ${told.broker.state}`);
    byId("broker").className = "pill " + (told.broker.up ? "good" : "bad");
    bound(told.exchange);
    tellOutcomes(told.outcomes);
    inForce(told.watches);
    put(byId("covered"), `· ${told.hour.alerts.toLocaleString()} alerts` + (told.hour.minutes < 60 ? ` in ${told.hour.minutes} min` : ""));
    top("countries", told.hour.countries);
    top("topics", told.hour.topics);
    top("officials", told.hour.officials);
  } catch {
    put(byId("broker"), "worker does not answer");
    byId("broker").className = "pill bad";
  }
  setTimeout(state, EVERY);
}

export function start() {
  if (matchMedia("(max-width: 56rem)").matches) byId("hour").open = false;
  state();
}
