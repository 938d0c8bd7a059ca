// The live line: new maps as they are made. Nothing depends on it; what it misses is looked up every half minute.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const LOOK_UP_EVERY = 30_000;
const WITHOUT_LINE = 3_000;
const PATIENCE = 4_000;
// A page on a slow line has come by then. Where none has, what was pressed brought a file and led nowhere.
const UNDER_WAY = 10_000;
const NO_SUCH_ASSEMBLY = 4404;

class LiveLine {
  #attempts = 0;
  #version;
  #socket = null;
  #retry = 0;
  #warning = 0;
  #banner = document.querySelector("[data-line-lost]");
  #addresses;
  #renewedBy;
  #known;
  #showsMap;
  #sending = false;
  #leaving = 0;
  #putOff = false;

  // A page without a map may name a topic that renews it, and the version it shows.
  constructor({ live, snapshot, words, session, version, showsMap, renewedBy, known }) {
    this.#renewedBy = renewedBy;
    this.#showsMap = showsMap !== undefined;
    this.#known = Number(known) || 0;
    this.#addresses = { socket: `${location.origin.replace(/^http/, "ws")}/ws/a/${live}/`, snapshot, words, session };
    this.#version = Number(version) || 0;
    this.#open();
    setInterval(() => document.hidden || this.#lookUp(), LOOK_UP_EVERY);
    // In a room nobody waits for half a minute.
    if (session) setInterval(() => this.#isOpen || document.hidden || this.#lookUpSession(), WITHOUT_LINE);
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
    addEventListener("online", () => this.#wake());
    // What is sent from here comes back as news before its answer does: the answer is the newer page.
    document.addEventListener("submit", () => (this.#sending = true));
    document.addEventListener("click", ({ target }) => target.closest("a[href]") && this.#leave());
    addEventListener("pagehide", () => this.#socket?.close());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#comeBack());
  }

  get #isOpen() {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  #open() {
    clearTimeout(this.#retry);
    // The server sends no map that is here already, and none to a page that shows none.
    this.#socket = new WebSocket(this.#addresses.socket + (this.#showsMap ? `?map=${this.#version}` : ""));
    this.#socket.addEventListener("open", () => this.#isUp());
    this.#socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data)));
    this.#socket.addEventListener("close", ({ code }) => this.#isDown(code));
  }

  #isUp() {
    this.#attempts = 0;
    clearTimeout(this.#warning);
    this.#warning = 0;
    if (this.#banner) this.#banner.hidden = true;
  }

  // Everybody lost the line at the same moment; nobody comes back at the same moment.
  #isDown(code) {
    if (code === NO_SUCH_ASSEMBLY) return;
    this.#warning ||= setTimeout(() => this.#banner && (this.#banner.hidden = false), PATIENCE);
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.#attempts + 1));
    this.#attempts += 1;
    this.#retry = setTimeout(() => this.#open(), FIRST_WAIT + Math.random() * (longest - FIRST_WAIT));
  }

  #wake() {
    this.#lookUp();
    if (this.#socket.readyState === WebSocket.CLOSED) this.#open();
  }

  async #lookUp() {
    if (this.#addresses.session) this.#lookUpSession();
    if (!this.#showsMap) return;
    try {
      const response = await fetch(this.#addresses.snapshot, { cache: "no-cache" });
      if (response.ok) await this.#hear({ topic: "map", ...(await response.json()) });
    } catch {
      // No line at all: the banner already says so, and the next look-up comes.
    }
  }

  async #lookUpSession() {
    try {
      const response = await fetch(this.#addresses.session, { cache: "no-cache" });
      if (response.ok) await this.#hear({ topic: "session", ...(await response.json()) });
    } catch {
      // The next one comes in a few seconds.
    }
  }

  async #hear(news) {
    const { topic, version, snapshot } = news;
    if (topic === "session") return document.dispatchEvent(new CustomEvent("majelis:session", { detail: news }));
    if (topic === "summary_run") return this.#renewRun();
    if (topic === this.#renewedBy) return version > this.#known && this.#renewPage();
    if (topic !== "map" || !snapshot || version <= this.#version) return;
    this.#version = version;
    if (!document.querySelector("consensus-map")) return this.#withoutMap();
    await this.#renewWords(version);
    // Words take a moment to come; a still newer map may have overtaken this one.
    if (version === this.#version) {
      document.dispatchEvent(new CustomEvent("majelis:map", { detail: { version, snapshot } }));
    }
    return undefined;
  }

  // Pages that wait for a map are loaded again when it comes; those of a session renew themselves.
  #withoutMap() {
    if (this.#addresses.session) return document.dispatchEvent(new CustomEvent("majelis:first-map"));
    return this.#renewPage();
  }

  // Whoever is on the way to another page is not called back to this one.
  #renewPage() {
    if (this.#sending || this.#leaving) this.#putOff = true;
    else location.reload();
  }

  #leave() {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.#stay(), UNDER_WAY);
  }

  #stay() {
    clearTimeout(this.#leaving);
    this.#leaving = 0;
    if (this.#putOff) this.#renewPage();
  }

  #comeBack() {
    this.#sending = false;
    this.#stay();
    this.#wake();
  }

  // How far a summary is, on the pages of those who asked for it.
  async #renewRun() {
    const region = document.querySelector("[data-summary-run]");
    if (!region) return;
    try {
      const response = await fetch(region.dataset.summaryRun);
      if (response.ok) replaceWords(region, await response.text());
    } catch {
      // The next piece of the run brings the next news.
    }
  }

  async #renewWords(version) {
    const region = document.querySelector("[data-map-words]");
    if (!region) return;
    try {
      const response = await fetch(this.#addresses.words);
      if (response.ok && version === this.#version) replaceWords(region, await response.text());
    } catch {
      // The picture is shown all the same; the words follow with the next map.
    }
  }
}

// What was unfolded stays unfolded; where somebody reads with the keyboard, the words wait until they have left.
function replaceWords(region, html) {
  if (region.contains(document.activeElement)) {
    region.addEventListener("focusout", () => setTimeout(() => replaceWords(region, html)), { once: true });
    return;
  }
  const unfolded = [...region.querySelectorAll("details")].map(({ open }) => open);
  region.innerHTML = html;
  region.querySelectorAll("details").forEach((details, i) => (details.open = Boolean(unfolded[i])));
}

const host = document.querySelector("[data-live]");
if (host) new LiveLine({ ...host.dataset, version: document.querySelector("consensus-map")?.dataset.version });
