// The console: alerts of the past and as they come, by a filter that knows names; the last hour; the tags of an article
// that is pasted in. Each part is a file of its own under console/.
import * as board from "./console/board.js";
import * as dead from "./console/dead.js";
import { byId } from "./console/dom.js";
import * as filter from "./console/filter.js";
import * as list from "./console/list.js";
import * as offers from "./console/offers.js";
import * as options from "./console/options.js";
import * as share from "./console/share.js";
import * as tag from "./console/tag.js";
import * as watches from "./console/watches.js";

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    byId("key").focus();
  } else if (event.key === "p") list.pause();
  else if (event.key === "j" || event.key === "k") {
    const heads = list.heads();
    const at = heads.indexOf(document.activeElement);
    heads[Math.min(heads.length - 1, Math.max(0, event.key === "j" ? at + 1 : at - 1))]?.focus();
  }
});

byId("origin").textContent = location.origin;
options.start();
tag.start();
dead.start();
share.start();
offers.start();
list.start();
list.linked();
filter.start(() => {
  share.tell();
  list.load();
});
watches.start();
board.start();
