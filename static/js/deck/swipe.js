// A paper pushed aside with a finger: to the right agrees, to the left disagrees. The buttons stay, and say what comes.

const ENOUGH = 96;
const BEGINS = 12;

export class Swipe {
  #host;
  #vote;
  #drag = null;

  constructor(host, vote) {
    [this.#host, this.#vote] = [host, vote];
    host.addEventListener("pointerdown", (event) => this.#start(event));
    host.addEventListener("pointermove", (event) => this.#move(event));
    host.addEventListener("pointerup", () => this.#end(true));
    host.addEventListener("pointercancel", () => this.#end(false));
  }

  #start(event) {
    const paper = event.target.closest("[data-paper][data-address]");
    if (paper && event.isPrimary && event.pointerType !== "mouse") this.#drag = { paper, x: event.clientX, by: 0 };
  }

  #move(event) {
    if (!this.#drag || !event.isPrimary) return;
    const { paper, x, by } = this.#drag;
    const now = event.clientX - x;
    if (!by && Math.abs(now) < BEGINS) return;
    this.#drag.by = now;
    paper.style.translate = `${now}px 0`;
    paper.style.rotate = `${now / 60}deg`;
    this.#lean(this.#choice);
  }

  #end(meant) {
    if (!this.#drag) return;
    const [paper, choice] = [this.#drag.paper, meant ? this.#choice : null];
    this.#drag = null;
    this.#lean(null);
    if (choice) return this.#vote(choice);
    paper.animate([{ translate: paper.style.translate, rotate: paper.style.rotate }, { translate: "0 0", rotate: "0deg" }], { duration: 200 });
    return settle(paper);
  }

  get #choice() {
    if (Math.abs(this.#drag.by) < ENOUGH) return null;
    return this.#drag.by > 0 ? "agree" : "disagree";
  }

  #lean(choice) {
    for (const button of this.#host.querySelectorAll(".answer")) button.classList.toggle("leaning", button.value === choice);
  }
}

export function settle(paper) {
  paper.style.removeProperty("translate");
  paper.style.removeProperty("rotate");
}
