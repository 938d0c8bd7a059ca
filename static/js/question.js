// A question that opens where nobody looks: a bar leads to it, and it is said once. Nobody is torn from what they write.

export class OpenQuestion {
  #renew;
  #asked = null;
  #said = null;
  #voice = document.createElement("p");
  #watcher = new IntersectionObserver((seen) => this.#offer(!seen.at(-1).isIntersecting));

  constructor(renew) {
    this.#renew = renew;
    this.#voice.className = "unseen";
    this.#voice.setAttribute("role", "status");
    document.body.append(this.#voice);
    document.addEventListener("click", (event) => event.target.closest("[data-asks]") && this.#lead(event));
  }

  get #bar() {
    return document.querySelector("[data-asks]");
  }

  // The choices are not there yet where the page waits for somebody who is writing.
  get #choices() {
    return document.querySelector(".poll-choices");
  }

  follow({ open, item, poll }) {
    this.#asked = open && poll === "open" ? item : null;
    this.#watcher.disconnect();
    if (this.#isAnswered) return this.#offer(false);
    if (this.#bar && this.#said !== this.#asked) this.#voice.textContent = this.#bar.dataset.asks;
    this.#said = this.#asked;
    return this.#choices ? this.#watcher.observe(this.#choices) : this.#offer(true);
  }

  get #isAnswered() {
    return this.#asked === null || Boolean(this.#choices?.querySelector('[aria-pressed="true"]'));
  }

  #offer(isOffered) {
    if (this.#bar) this.#bar.hidden = !isOffered;
  }

  async #lead(event) {
    event.preventDefault();
    if (!this.#choices) await this.#renew();
    this.#choices?.scrollIntoView({ block: "center" });
    this.#choices?.querySelector("button").focus({ preventScroll: true });
  }
}
