// How the reader likes it, remembered by the browser: compact cards, a sound, a notification for what comes.
import { byId, remembered } from "./dom.js";

const QUIET = 2000; // milliseconds between two sounds or notifications

let told = 0;

function beep() {
  const audio = new AudioContext();
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.1, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.3);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.3);
  tone.onended = () => audio.close();
}

/** Tells of an alert that came, by what was asked for. */
export function tellOf(data) {
  const [sound, notify] = [byId("sound").checked, byId("notify").checked && document.hidden];
  if (!(sound || notify) || Date.now() - told < QUIET) return;
  told = Date.now();
  if (sound) beep();
  if (notify && Notification.permission === "granted") {
    const { title, source } = JSON.parse(data).data;
    const note = new Notification(title || "(no headline)", { body: source?.name ?? source?.domain ?? "", tag: "presswatch" });
    note.onclick = () => {
      focus();
      note.close();
    };
  }
}

function option(id, act = () => {}) {
  const box = byId(id);
  box.checked = remembered(id) === "yes";
  box.addEventListener("change", () => {
    remembered(id, box.checked ? "yes" : "no");
    act(box);
  });
  act(box);
}

export function start() {
  option("compact", (box) => document.body.classList.toggle("compact", box.checked));
  option("sound");
  // a page that was not opened safely may not notify
  byId("notify").disabled = !("Notification" in window) || !isSecureContext;
  option("notify", async (box) => {
    if (!box.checked || box.disabled || Notification.permission === "granted") return;
    if ((await Notification.requestPermission()) !== "granted") box.checked = false;
  });
}
