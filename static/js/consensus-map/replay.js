// The map once more as it grew: a slider over its versions. The list of them stands in the words, with a link each.

const DWELL = 1100;

export class Replay {
  #moments;
  #slider;
  #label;
  #button;
  #load;
  #show;
  #say;
  #playing = 0;
  #asked = 0;

  // `load` gives the snapshot of a version; `show` draws one, or the map of now when given null.
  constructor(host, links, { load, show, say }) {
    [this.#load, this.#show, this.#say] = [load, show, say];
    this.#moments = [...links].reverse().map((link) => ({
      version: Number(link.dataset.moment),
      n: Number(link.dataset.people),
      votes: Number(link.dataset.votes),
      when: link.textContent,
    }));
    this.#slider = host.querySelector("input");
    this.#label = host.querySelector("output");
    this.#button = host.querySelector("[data-play]");
    this.#slider.addEventListener("input", () => {
      this.#stop();
      this.#go(Number(this.#slider.value));
    });
    this.#button.addEventListener("click", () => (this.#playing ? this.#stop() : this.#play()));
    this.#name(this.#moments.length - 1);
    host.hidden = false;
  }

  // The newest map replaces the end of the line; whoever looks at an older one is left in peace.
  newest({ version, snapshot }) {
    const last = this.#moments.length - 1;
    this.#moments[last] = { ...this.#moments[last], version, n: snapshot.participants, votes: snapshot.votes };
    if (this.#at === last) this.#name(last);
  }

  get #at() {
    return Number(this.#slider.value);
  }

  async #go(at) {
    const last = this.#moments.length - 1;
    this.#asked += 1;
    const mine = this.#asked;
    this.#name(at);
    const snapshot = at === last ? null : await this.#load(this.#moments[at].version);
    if (mine === this.#asked && (snapshot || at === last)) this.#show(snapshot);
  }

  async #play() {
    const last = this.#moments.length - 1;
    this.#pressed(true);
    this.#playing = 1;
    let at = this.#at === last ? 0 : this.#at;
    while (this.#playing) {
      this.#slider.value = at;
      await this.#go(at);
      if (at === last) return this.#stop();
      await new Promise((after) => (this.#playing &&= setTimeout(after, DWELL)));
      at += 1;
    }
    return undefined;
  }

  #stop() {
    clearTimeout(this.#playing);
    this.#playing = 0;
    this.#pressed(false);
  }

  #pressed(playing) {
    this.#button.ariaPressed = String(playing);
    this.#button.querySelector("use").setAttribute("href", this.#button.dataset[playing ? "pauseIcon" : "playIcon"]);
  }

  #name(at) {
    const words = this.#say(at === this.#moments.length - 1 ? "moment_now" : "moment", this.#moments[at]);
    this.#label.textContent = words;
    this.#slider.setAttribute("aria-valuetext", words);
  }
}
