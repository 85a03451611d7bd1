// The same alerts elsewhere: for a program, for a feed reader, as a file.
import { best, citation } from "./article.js";
import { byId, copy, make } from "./dom.js";
import { isBindable, isEmpty, keys, query } from "./filter.js";
import { shown } from "./list.js";

let exchange = null; // none on the embedded store
let picked = null; // by the reader

const shell = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
// a blank in front of a key is no key's, and would end a command
const plain = () => keys().filter((key) => !key.startsWith("-"));
const address = (path) => new URL(path + (isEmpty() ? "" : "?" + query()), location.origin + location.pathname).href;

const PYTHON = (exchange, keys) => `import json, os, pika  # pip install pika

connection = pika.BlockingConnection(pika.URLParameters(os.environ["PRESSWATCH__BROKER__URL"]))
channel = connection.channel()
queue = "subscriber.mine"
channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
for key in ${JSON.stringify(keys)}:
    channel.queue_bind(queue, ${JSON.stringify(exchange)}, key)
for method, properties, body in channel.consume(queue):
    print(json.loads(body)["data"]["title"], flush=True)
    channel.basic_ack(method.delivery_tag)
`;

/** What can be copied, by its name. */
const WAYS = {
  terminal: ["presswatch subscribe", () => (exchange ? `presswatch subscribe ${plain().map(shell).join(" ")}` : `curl -N ${shell(address("alerts"))}`)],
  queue: ["A queue of your own", () => `presswatch subscribe --queue subscriber.mine ${plain().map(shell).join(" ")}`],
  python: ["Python", () => PYTHON(exchange, plain())],
  admin1: ["rabbitmqadmin 1 (with RabbitMQ 3)", () => ["rabbitmqadmin declare queue name=subscriber.mine durable=true arguments='{\"x-queue-type\": \"quorum\"}'", ...plain().map((key) => `rabbitmqadmin declare binding source=${shell(exchange)} destination=subscriber.mine routing_key=${shell(key)}`)].join("\n")],
  admin2: ["rabbitmqadmin 2 (for RabbitMQ 4)", () => ["rabbitmqadmin declare queue --name subscriber.mine --type quorum --durable true", ...plain().map((key) => `rabbitmqadmin declare binding --source ${shell(exchange)} --destination-type queue --destination subscriber.mine --routing-key ${shell(key)}`)].join("\n")],
  stream: ["curl, as they come", () => `curl -N ${shell(address("alerts"))}`],
  feed: ["Feed (Atom)", () => address("alerts.atom")],
};

/** What works for this filter. */
function ways() {
  if (!exchange) return ["stream", "feed"];
  return isBindable() ? ["terminal", "queue", "python", "admin1", "admin2", "stream", "feed"] : ["stream", "feed"];
}

/** Offers what gives the same alerts elsewhere. */
export function tell() {
  const select = byId("way");
  select.replaceChildren(...ways().map((way) => make("option", { value: way }, WAYS[way][0])));
  if (ways().includes(picked)) select.value = picked;
  byId("binding").hidden = isEmpty();
  byId("limits").hidden = !exchange || isBindable() || isEmpty();
  written();
}

function written() {
  byId("command").textContent = WAYS[byId("way").value]?.[1]() ?? "";
}

/** Takes note of where queues are bound. */
export function bound(name) {
  if (exchange === name) return;
  exchange = name;
  tell();
}

// ---- a file of what is shown ----

/** A cell that no spreadsheet takes for a formula. */
function cell(value) {
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}

function row({ alert }) {
  const a = alert.data;
  const [quote] = best(a.quotes, 1);
  return [
    alert.id, a.received_at, a.published_at, a.source?.name ?? a.source?.domain, a.language, a.title, a.url,
    a.countries.filter((c) => c.focus).map((c) => c.name).join("; "),
    a.topics.map((t) => t.name).join("; "),
    a.officials.map((o) => `${o.name} (${o.citation})`).join("; "),
    (a.watches ?? []).map((w) => w.name).join("; "),
    quote ? citation(quote, { ...a, title: "", url: "", source: null, published_at: null, received_at: null }) : "",
  ];
}

const COLUMNS = ["id", "came in", "published", "source", "language", "headline", "address", "countries", "topics", "officials", "watches", "quote"];

function save(name, type, text) {
  const file = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: file, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(file), 10_000);
}

export function start() {
  byId("way").addEventListener("change", () => {
    picked = byId("way").value;
    written();
  });
  byId("copy").addEventListener("click", () => copy(byId("command").textContent, byId("copy"), byId("command")));
  const name = (ending) => `presswatch-${new Date().toISOString().slice(0, 16).replace(":", "")}.${ending}`;
  // with a mark of the encoding, without which spreadsheets take it for another
  byId("csv").addEventListener("click", () => save(name("csv"), "text/csv", "\ufeff" + [COLUMNS, ...shown().map(row)].map((cells) => cells.map(cell).join(",")).join("\r\n") + "\r\n"));
  byId("json").addEventListener("click", () => save(name("json"), "application/json", JSON.stringify(shown().map((entry) => entry.alert), null, 1)));
}
