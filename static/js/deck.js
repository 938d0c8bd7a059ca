// Voting without leaving the page: the answer is sent, the next card comes. Without a line the next statements are taken
// from those that came along, and the answers wait in the outbox.
import { choiceOf, Outbox, voteFrom } from "./deck/outbox.js";
import { settle, Swipe } from "./deck/swipe.js";
import { phrasesIn } from "./phrases.js";
import { storage } from "./storage.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const ANSWER_TIME = 200;
const AWAY = { agree: "1.5rem 0", disagree: "-1.5rem 0", pass: "0 -1rem" };

class Deck {
  #host;
  #card;
  #status;
  #say = phrasesIn(document);
  #outbox;
  #cardKey;
  #used = [];
  #busy = false;

  constructor(host) {
    this.#host = host;
    this.#card = host.querySelector("[data-card]");
    this.#status = host.querySelector("[data-status]");
    this.#cardKey = `card:${host.dataset.deck}`;
    this.#outbox = new Outbox(`unsent-votes:${host.dataset.deck}`, {
      arrived: (answer) => this.#arrived(answer),
      kept: (reason) => this.#kept(reason),
    });
    host.addEventListener("submit", (event) => this.#submit(event));
    host.addEventListener("click", ({ target }) => target.closest("[data-take-back]") && this.#takeBack());
    document.addEventListener("keydown", (event) => this.#press(event));
    new Swipe(host, (choice) => this.#buttonFor(choice)?.click());
    this.#showNewestCard();
    if (this.#outbox.waiting.length) this.#kept("no_line");
    this.#outbox.send();
  }

  // A page that was kept for times without a line may be older than the last card this browser was given.
  #showNewestCard() {
    const kept = cardIn(storage.getItem(this.#cardKey) ?? "");
    if (kept && Number(kept.dataset.made) > Number(this.#card.dataset.made)) this.#replace(kept);
  }

  #submit(event) {
    if (event.target.matches("[data-put-off]")) this.#putOff(event);
    if (!event.target.matches("[data-vote]")) return;
    event.preventDefault();
    if (this.#busy) return;
    this.#setBusy(true);
    this.#outbox.post(voteFrom(event.target, event.submitter));
  }

  // The letters shown on the buttons, and always A, D, P and U.
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const pressed = event.key.toLowerCase();
    const button = [...this.#card.querySelectorAll("[data-keys]")].find(({ dataset }) =>
      dataset.keys.toLowerCase().split(" ").includes(pressed),
    );
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  }

  #buttonFor(choice) {
    return this.#card.querySelector(`.answer[value="${choice}"]`);
  }

  async #arrived({ html, ok, vote }) {
    this.#setBusy(false);
    const next = cardIn(html);
    if (!next) return this.#tell(this.#say("not_counted"));
    this.#tell("");
    this.#used = [];
    if (ok) storage.setItem(this.#cardKey, html);
    return this.#swap(next, ok ? choiceOf(vote) : null);
  }

  #kept(reason) {
    this.#setBusy(false);
    this.#tell(this.#say(reason === "not_let_in" ? "not_let_in" : "unsent", { n: this.#outbox.waiting.length }));
    this.#advance();
    this.#offerToTakeBack();
  }

  // Past every statement whose answer waits on this device.
  #advance() {
    const answered = new Set(this.#outbox.waiting.map(({ address }) => new URL(address).pathname));
    let moved = false;
    for (let paper = this.#paper; paper && answered.has(paper.dataset.address); paper = this.#paper) {
      const next = this.#coming?.firstElementChild;
      this.#used.push(paper);
      this.#lay(next ?? noMore());
      moved = true;
    }
    if (moved) this.#announce();
  }

  get #paper() {
    return this.#card.querySelector("[data-paper]");
  }

  get #coming() {
    return this.#card.querySelector("template[data-coming]")?.content;
  }

  #lay(paper) {
    settle(this.#paper);
    this.#paper.replaceWith(paper);
    const form = this.#card.querySelector(".answers-bar");
    const { address, revision, edition } = paper.dataset;
    form.hidden = !address;
    if (!address) return;
    form.action = address;
    form.elements.revision.value = revision;
    form.elements.edition.value = edition;
    form.elements.important.checked = false;
    for (const button of form.querySelectorAll(".answer")) button.classList.remove("chosen");
    if (!calm.matches) paper.animate(COME, { duration: ANSWER_TIME });
  }

  #offerToTakeBack() {
    const after = this.#card.querySelector("[data-after]");
    after.replaceChildren(document.querySelector("template[data-without-line]").content.cloneNode(true));
  }

  // Only what has not been sent: an answer on its way may have arrived.
  #takeBack() {
    const vote = this.#outbox.takeBack();
    if (!vote) return;
    const paper = this.#used.find(({ dataset }) => dataset.address === new URL(vote.address).pathname);
    if (paper) {
      if (this.#paper.dataset.address) this.#coming?.prepend(this.#paper.cloneNode(true));
      this.#used = this.#used.filter((other) => other !== paper);
      this.#lay(paper);
      this.#card.querySelector("[name=important]").checked = vote.fields.some(([name]) => name === "important");
    }
    const n = this.#outbox.waiting.length;
    this.#tell(n ? this.#say("unsent", { n }) : "");
    if (!n) this.#card.querySelector("[data-after]").replaceChildren();
    this.#announce();
  }

  async #putOff(event) {
    event.preventDefault();
    const { address, fields } = voteFrom(event.target);
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const response = await fetch(address, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      const next = cardIn(await response.text());
      if (next) await this.#swap(next, "pass");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const next = this.#coming?.firstElementChild;
      if (!next) return;
      this.#coming.append(this.#paper.cloneNode(true));
      this.#lay(next);
      this.#announce();
    }
  }

  async #swap(next, choice) {
    const focused = this.#card.contains(document.activeElement) ? document.activeElement : null;
    if (choice && !calm.matches) {
      const gone = [{ opacity: 1 }, { opacity: 0, translate: AWAY[choice] ?? "0 0" }];
      await this.#paper?.animate(gone, { duration: ANSWER_TIME / 2, easing: "ease-in" }).finished;
    }
    this.#replace(next);
    document.querySelector('.messages:not(:has([data-about="welcome"]))')?.remove(); // it was about what came before
    if (choice && !calm.matches) this.#paper?.animate(COME, { duration: ANSWER_TIME, easing: "cubic-bezier(0.2,0.7,0.2,1)" });
    if (focused) (this.#sameButton(focused) ?? next.querySelector("[data-heading]"))?.focus();
    this.#announce();
  }

  #sameButton({ value }) {
    return value && this.#card.querySelector(`button[value="${CSS.escape(value)}"]`);
  }

  #replace(next) {
    this.#card.replaceWith(next);
    this.#card = next;
  }

  #setBusy(busy) {
    this.#busy = busy;
    if (busy) this.#card.setAttribute("aria-busy", "true");
    else this.#card.removeAttribute("aria-busy");
  }

  #tell(words) {
    this.#status.hidden = !words;
    const line = this.#status.querySelector("p");
    if (line.textContent !== words) line.textContent = words;
  }

  #announce() {
    const words = this.#card.querySelector("[data-aloud]")?.textContent ?? "";
    this.#host.querySelector("[data-deck-aloud]").textContent = words;
  }
}

const COME = [{ opacity: 0, translate: "0 0.75rem" }, { opacity: 1, translate: "0 0" }];
const cardIn = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("[data-card]");
const noMore = () => document.querySelector("template[data-no-more]").content.firstElementChild.cloneNode(true);

const host = document.querySelector("[data-deck]");
if (host) {
  new Deck(host);
  if (navigator.serviceWorker && host.dataset.worker) addEventListener("load", () => navigator.serviceWorker.register(host.dataset.worker));
}
