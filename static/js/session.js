// A session as it goes on: <session-timer> counts down by the server's clock, and what a page shows follows the news.
import { hearTime, knowsTime, serverNow } from "./clock.js";
import { OpenQuestion } from "./question.js";

const TICK = 200;
const SECOND = 1_000;
const AGAIN = 3_000; // a page that did not come
const COUNTED_ANEW = 10_000; // what no news tells
const TYPED = "textarea, input:not([type='hidden'], [type='radio'], [type='checkbox'])";

let timer = null;

class SessionTimer extends HTMLElement {
  #ticking = 0;

  connectedCallback() {
    this.#ticking = setInterval(() => this.#show(), TICK);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#ticking);
  }

  #show() {
    if (!timer || !knowsTime()) return;
    const left = Math.max(0, timer.ends === null ? timer.left : timer.ends - serverNow());
    const seconds = Math.ceil(left / SECOND);
    const words = left ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : this.dataset.over;
    const shown = this.querySelector("[data-time]");
    if (shown.textContent !== words) shown.textContent = words;
    this.classList.toggle("running", timer.ends !== null && left > 0);
    this.classList.toggle("over", left === 0);
  }
}

// One part of the page that shows the session: renewed from the page itself, so that there is one truth about it.
class Room {
  #part;
  #known;
  #asked = 0;
  #waiting = false;
  #question = new OpenQuestion(() => this.#renew({ anyway: true }));

  constructor() {
    this.#takeState();
    setInterval(() => !document.hidden && this.#room.querySelector("[data-renewed]") && this.#renew(), COUNTED_ANEW);
    document.addEventListener("majelis:session", ({ detail }) => this.#hear(detail));
    document.addEventListener("majelis:first-map", () => this.#renew());
    document.addEventListener("submit", (event) => this.#send(event));
    document.addEventListener("focusout", () => this.#waiting && setTimeout(() => this.#renew()));
  }

  get #room() {
    return document.querySelector("[data-room]");
  }

  get #region() {
    return this.#room.closest("main") ?? this.#room;
  }

  #takeState() {
    const state = document.getElementById("session-state");
    this.#part = this.#room.dataset.room;
    if (!state) {
      this.#known = null;
      return;
    }
    const told = JSON.parse(state.textContent);
    if (told.version < (this.#known?.version ?? 0)) return;
    hearTime(told.at);
    this.#known = told;
    timer = told.timer;
    this.#question.follow(told);
  }

  #hear(news) {
    if (!news.version || news.version < (this.#known?.version ?? 0)) return;
    hearTime(news.at);
    const changed = this.#keyOf(news) !== this.#keyOf(this.#known);
    const isWall = this.#part === "wall";
    if (isWall && news.blank !== Boolean(this.#known?.blank)) this.#room.classList.toggle("blank", news.blank);
    this.#known = news;
    timer = news.timer;
    this.#question.follow(news);
    if (changed) this.#renew();
  }

  // What must have changed before this part looks different. A phone does not care who else raises a hand.
  #keyOf(state) {
    if (!state) return "";
    if (this.#part !== "phone") return String(state.version);
    const { open, session, item, scene, arrangement, poll, speaker, hands, cards } = state;
    const place = hands.indexOf(this.#room.dataset.me);
    const mine = (this.#room.dataset.cards ?? "").split(" ");
    const up = Object.values(cards).flat().filter((card) => mine.includes(card));
    const shown = [open, session, item, scene === "tables", arrangement, poll, speaker, up];
    return JSON.stringify([...shown, place, place < 0 ? 0 : hands.length]);
  }

  async #renew({ anyway = false } = {}) {
    if (this.#isTyped() && !anyway) {
      this.#waiting = true;
      return;
    }
    this.#waiting = false;
    const asked = ++this.#asked;
    try {
      const response = await fetch(location.href, { cache: "no-cache" });
      const html = await response.text();
      if (asked !== this.#asked || (response.ok && this.#put(html))) return;
    } catch {
      // The line is down, and the banner says so.
    }
    setTimeout(() => asked === this.#asked && this.#renew(), AGAIN);
  }

  // Where somebody is writing, nothing is renewed below their hands.
  #isTyped() {
    return [...this.#region.querySelectorAll(TYPED)].some((field) => field.value !== field.defaultValue);
  }

  #put(html, sent = null) {
    const region = this.#region;
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const room = fresh.querySelector("[data-room]");
    if (!room) return false;
    const focused = region.contains(document.activeElement) ? document.activeElement : null;
    const before = { blank: Boolean(this.#known?.blank), isDark: this.#room.classList.contains("blank") };
    const unfolded = [...region.querySelectorAll("details")].map(({ open }) => open);
    const typed = [...region.querySelectorAll(TYPED)].filter(
      (field) => field.id && field.form !== sent && field.value !== field.defaultValue,
    );
    region.className = (room.closest("main") ?? room).className;
    region.innerHTML = (room.closest("main") ?? room).innerHTML;
    region.querySelectorAll("details").forEach((details, i) => (details.open ||= Boolean(unfolded[i])));
    for (const { id, value } of typed) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
    if (focused) this.#heirOf(focused)?.focus();
    this.#takeState();
    // Blanked or shown with the key at the wall: it stays so until the cockpit says something else.
    if (this.#part === "wall" && before.blank === Boolean(this.#known?.blank)) {
      this.#room.classList.toggle("blank", before.isDark);
    }
    return true;
  }

  // Where one button has become another, as start becomes pause, their key is the same.
  #heirOf({ id, dataset: { key = "" } }) {
    return document.getElementById(id) ?? document.querySelector(`[data-room] [data-key="${CSS.escape(key)}"]`);
  }

  // The same as without scripts, only without leaving the page: what comes back is the page after it.
  async #send(event) {
    const form = event.target;
    if (!this.#room.contains(form) || form.method !== "post") return;
    event.preventDefault();
    if (form.ariaBusy) return; // pressed twice
    form.ariaBusy = "true";
    const asked = ++this.#asked;
    const said = this.#room.querySelector("[data-not-sent]");
    if (said) said.hidden = true;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
      const html = await response.text();
      if (asked !== this.#asked || this.#put(html, form)) return;
    } catch {
      // Said below: nothing was sent, and what was typed is still there.
    } finally {
      form.ariaBusy = null;
    }
    if (said) said.hidden = false;
  }
}

new Room();
customElements.define("session-timer", SessionTimer);
