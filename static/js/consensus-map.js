// <consensus-map>: the assembly's opinions as a small country. Draws the public snapshot, marks where you are, opens what
// is touched. The words beside it say the same without it.
import { Details } from "./consensus-map/details.js";
import { Gestures } from "./consensus-map/gestures.js";
import { newsOf, standingOf } from "./consensus-map/news.js";
import { boxOf, pictureBetween, pictureOf } from "./consensus-map/picture.js";
import { agreementWith, nearestGroup, positionOf, votesMissing } from "./consensus-map/position.js";
import { Replay } from "./consensus-map/replay.js";
import { Terrain } from "./consensus-map/terrain.js";
import { View } from "./consensus-map/view.js";
import { phrasesIn } from "./phrases.js";

const CHANGE = 600;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const easeOut = (t) => 1 - (1 - t) ** 3;

class ConsensusMap extends HTMLElement {
  #version = 0;
  #now = null;
  #snapshot = null;
  #picture = null;
  #votes = {};
  #statements = {};
  #chosen = null;
  #view = new View();
  #frame = 0;
  #drag = null;
  #passing = 0;
  #listening = new AbortController();
  #svg;
  #terrain;
  #details;
  #replay = null;
  #say;

  connectedCallback() {
    this.#say = phrasesIn(document);
    this.#votes = readJson("consensus-map-votes") ?? {};
    this.#statements = readJson("consensus-map-statements") ?? {};
    this.#svg = this.querySelector("svg");
    this.#svg.querySelectorAll(":scope > :not(defs)").forEach((node) => node.remove());
    this.#terrain = new Terrain(this.#svg, this.#say, (id, number) => this.#textOf(id, number));
    const panel = this.querySelector("[data-details]");
    this.#details = panel && new Details(panel, this.#say, (id, number) => this.#textOf(id, number));
    this.#listen();
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(this.#svg);
    this.#listening.signal.addEventListener("abort", () => resize.disconnect());
    const first = readJson("consensus-map-data");
    if (first) this.show({ version: Number(this.dataset.version), snapshot: first });
    this.classList.add("drawn");
    this.#offerReplay();
    this.#tellSinceLastVisit();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#passing);
    this.#listening.abort();
  }

  get version() {
    return this.#version;
  }

  // Only ever forwards: a picture older than the one shown is not news.
  show({ version, snapshot }) {
    if (version <= this.#version) return;
    this.#version = version;
    const before = this.#now;
    this.#now = snapshot;
    const you = positionOf(this.#votes, snapshot);
    this.#tell(this.#newsSince(before), standingOf(snapshot, this.#say, this.#withCounts), you);
    if (this.#snapshot === before) this.#see(snapshot);
    this.#replay?.newest({ version, snapshot });
  }

  #see(snapshot) {
    this.#snapshot = snapshot;
    this.classList.toggle("past", snapshot !== this.#now);
    this.#change(pictureOf(snapshot, positionOf(this.#votes, snapshot)));
    this.#refreshOpened();
  }

  #newsSince(before) {
    const you = { before: before && positionOf(this.#votes, before), after: positionOf(this.#votes, this.#now) };
    const textOf = (id, number) => this.#textOf(id, number);
    return newsOf(before, this.#now, you, { textOf, say: this.#say, withCounts: this.#withCounts });
  }

  get #withCounts() {
    return !document.querySelector("[data-map-counts]");
  }

  #offerReplay() {
    const host = this.querySelector("[data-time]");
    if (!host) return;
    this.#replay = new Replay(host, document.querySelectorAll("[data-moment]"), {
      load: (version) => this.#loadVersion(version),
      show: (snapshot) => this.#see(snapshot ?? this.#now),
      say: this.#say,
    });
  }

  async #loadVersion(version) {
    try {
      const response = await fetch(this.dataset.versions.replace(/0(?=\.json$)/, version));
      return response.ok ? (await response.json()).snapshot : null;
    } catch {
      return null; // without a line the picture stays as it is
    }
  }

  // Which map somebody saw last is known to their browser alone.
  async #tellSinceLastVisit() {
    if (!this.dataset.versions || !this.#version) return;
    const key = `map-seen:${this.dataset.versions}`;
    const seen = Number(localStorage.getItem(key));
    localStorage.setItem(key, this.#version);
    if (!seen || seen >= this.#version) return;
    const [now, before] = [this.#now, await this.#loadVersion(seen)];
    if (before && now === this.#now) this.#write(this.#say("since_last_visit", { news: this.#newsSince(before) }));
  }

  #write(news) {
    const line = document.querySelector("[data-map-news]");
    if (line && line.textContent !== news) line.textContent = news;
  }

  #change(next) {
    const from = this.#picture;
    cancelAnimationFrame(this.#frame);
    this.#fit();
    if (!from || calm.matches || document.hidden) return this.#draw(next, next);
    const between = pictureBetween(from, next);
    let start = null;
    const step = (now) => {
      start ??= now;
      const t = Math.min(1, (now - start) / CHANGE);
      this.#draw(t < 1 ? between(easeOut(t)) : next, next);
      if (t < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
    return undefined;
  }

  #draw(picture, settled = picture) {
    this.#picture = picture;
    this.#terrain.draw(picture, this.#view, this.#unit, settled);
    this.#oneTabStop();
  }

  #resize() {
    if (!this.#picture) return;
    cancelAnimationFrame(this.#frame);
    this.#fit();
    this.#draw(pictureOf(this.#snapshot, positionOf(this.#votes, this.#snapshot)));
  }

  #fit() {
    const size = [this.#svg.clientWidth || 1, this.#svg.clientHeight || 1];
    this.#view.fit(boxOf(this.#snapshot), size, 26 * this.#unit);
  }

  get #unit() {
    const small = this.#svg.clientWidth < 480 ? 0.8 : 1;
    return (small * parseFloat(getComputedStyle(this.#svg).fontSize)) / 18;
  }

  // On the wall news passes, and how things stand comes back for whoever enters the room.
  #tell(news, standing, you) {
    const line = document.querySelector("[data-map-news]");
    this.#write(news);
    clearTimeout(this.#passing);
    const seconds = Number(line?.dataset.newsSeconds);
    if (seconds && news !== standing) this.#passing = setTimeout(() => (line.textContent = standing), 1000 * seconds);
    const pinKey = this.querySelector("[data-pin-key]");
    if (pinKey) pinKey.hidden = !you;
    const counts = document.querySelector("[data-map-counts]");
    const { participants: n, votes } = this.#now;
    if (counts) counts.textContent = this.#say("standing_counts", { n, votes });
    const mine = document.querySelector("[data-map-you]");
    if (mine) mine.textContent = this.#whereYouAre(you);
  }

  #whereYouAre(you) {
    const missing = votesMissing(this.#votes, this.#now);
    if (!you) return missing ? this.#say("you_soon", { n: missing }) : this.#say("you_later");
    const near = nearestGroup(you, this.#now.groups);
    if (!near) return this.#say("you_placed");
    const { letter, same, of } = agreementWith(near.letter, this.#votes, this.#now);
    return this.#say("you_near", { letter, n: same, total: of });
  }

  // A statement newer than the page has its words in the table that came with the snapshot.
  #textOf(id, number) {
    if (this.#statements[id]) return this.#statements[id];
    const cell = document.querySelector(`[data-statement-number="${CSS.escape(number)}"] .speech`);
    return { text: cell?.textContent ?? "…", language: cell?.lang ?? "" };
  }

  #listen() {
    const { signal } = this.#listening;
    new Gestures(this.#svg, this.#view, () => this.#picture && this.#viewMoved(), signal);
    this.#svg.addEventListener("click", (event) => this.#touch(event), { signal });
    this.#svg.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#svg.addEventListener("focusin", ({ target }) => this.#open(target.closest("[data-key]")?.dataset.key), { signal });
    this.#svg.addEventListener("pointerdown", (event) => this.#startDrag(event), { signal });
    this.#svg.addEventListener("pointermove", (event) => this.#moveDrag(event), { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      this.#svg.addEventListener(end, () => (this.#drag &&= { ...this.#drag, ended: true }), { signal });
    }
    this.addEventListener("click", (event) => this.#press(event.target.closest("[data-do]")?.dataset.do), { signal });
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.#press("close"), { signal });
    document.addEventListener("majelis:map", ({ detail }) => this.show(detail), { signal });
  }

  #press(what) {
    if (what === "close") this.#close();
    if (what === "nearer") this.#view.nearer(1.6, this.#chosenAt() ?? this.#picture.you);
    if (what === "farther") this.#view.nearer(1 / 1.6);
    if (what === "whole") this.#view.whole();
    if (what && what !== "close") this.#viewMoved();
  }

  #viewMoved() {
    this.#svg.classList.toggle("near", this.#view.zoom > 1);
    this.#draw(this.#picture);
  }

  #chosenAt() {
    const place = this.#picture.places.find(({ id }) => id === this.#chosen);
    return place?.at ?? this.#picture.groups.find(({ letter }) => `group-${letter}` === this.#chosen)?.centre;
  }

  // A finger is wider than a place: the nearest one within reach is meant.
  #touch(event) {
    if (this.#drag?.moved) return;
    let best = { gap: 22, key: null };
    for (const node of this.#svg.querySelectorAll("[data-key]")) {
      const { left, top, width, height } = node.querySelector(".halo").getBoundingClientRect();
      const gap = Math.hypot(left + width / 2 - event.clientX, top + height / 2 - event.clientY);
      if (gap < best.gap) best = { gap, key: node.dataset.key };
    }
    const letter = event.target.closest("[data-group]")?.dataset.group;
    this.#choose(best.key ?? (letter && `group-${letter}`));
  }

  // The order of the arrow keys: groups, then common ground, then what divides, then the rest.
  #keys() {
    const rank = { common: 0, divides: 1, plain: 2 };
    const places = [...this.#picture.places].sort((a, b) => rank[a.kind] - rank[b.kind] || a.number - b.number);
    return [...this.#picture.groups.map(({ letter }) => `group-${letter}`), ...places.map(({ id }) => id)];
  }

  #key(event) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#details?.read();
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const keys = this.#keys();
    const here = Math.max(0, keys.indexOf(this.#chosen));
    const next = { Home: 0, End: keys.length - 1 }[event.key] ?? (here + step + keys.length) % keys.length;
    this.#choose(keys[next]);
  }

  #choose(key) {
    if (!key) return this.#close();
    this.#chosen = key;
    this.#oneTabStop();
    this.#nodeOf(key)?.focus({ preventScroll: true });
    return undefined;
  }

  #open(key) {
    if (!key || !this.#details) return;
    this.#chosen = key;
    this.#oneTabStop();
    this.#refreshOpened(true);
    this.classList.add("open");
  }

  #refreshOpened(opening = false) {
    if (!this.#details || !(opening || this.#details.isOpen)) return;
    const group = this.#snapshot.groups.find(({ letter }) => `group-${letter}` === this.#chosen);
    const statement = this.#snapshot.statements.find(({ id }) => id === this.#chosen);
    if (group) this.#details.showGroup(group, this.#snapshot, this.#votes);
    else if (statement) this.#details.showStatement(statement, this.#snapshot, this.#votes);
    else this.#close();
  }

  #close() {
    if (!this.#details?.isOpen) return;
    const inside = this.contains(document.activeElement);
    this.#details.close();
    this.classList.remove("open");
    const node = this.#nodeOf(this.#chosen);
    this.#svg.querySelector(".chosen")?.classList.remove("chosen");
    if (inside && node && node !== document.activeElement) {
      node.addEventListener("focusin", (event) => event.stopPropagation(), { once: true });
      node.focus({ preventScroll: true });
    }
  }

  #nodeOf(key) {
    return key && this.#svg.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  #oneTabStop() {
    const current = this.#nodeOf(this.#chosen) ?? this.#nodeOf(this.#keys()[0]);
    const chosen = this.#details?.isOpen && this.#nodeOf(this.#chosen);
    for (const node of this.#svg.querySelectorAll('[tabindex="0"]')) if (node !== current) node.setAttribute("tabindex", -1);
    for (const node of this.#svg.querySelectorAll(".chosen")) if (node !== chosen) node.classList.remove("chosen");
    current?.setAttribute("tabindex", 0);
    if (chosen) chosen.classList.add("chosen");
  }

  #startDrag(event) {
    this.#drag = { x: event.clientX, y: event.clientY, moved: false, ended: false };
  }

  #moveDrag(event) {
    if (!this.#drag || this.#drag.ended || this.#view.zoom === 1) return;
    const [dx, dy] = [event.clientX - this.#drag.x, event.clientY - this.#drag.y];
    if (!this.#drag.moved && Math.hypot(dx, dy) < 5) return;
    if (!this.#drag.moved) this.#svg.setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY, moved: true, ended: false };
    this.#view.drag(dx, dy);
    this.#draw(this.#picture);
  }
}

function readJson(id) {
  const script = document.getElementById(id);
  return script && JSON.parse(script.textContent);
}

customElements.define("consensus-map", ConsensusMap);
