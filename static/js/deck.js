// Voting without leaving the page: the answer is sent, the next card comes. A lost line loses nothing.
import { phrasesIn } from "./phrases.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const ANSWER_TIME = 200;
const AWAY = { agree: "1.5rem 0", disagree: "-1.5rem 0", pass: "0 -1rem" };

class Deck {
  #card;
  #status;
  #say = phrasesIn(document);
  #key;
  #sending = false;
  #retry = 0;
  #attempts = 0;

  constructor(host) {
    this.#card = host.querySelector("[data-card]");
    this.#status = host.querySelector("[data-status]");
    this.#key = `unsent-vote:${host.dataset.deck}`;
    host.addEventListener("submit", (event) => this.#submit(event));
    document.addEventListener("keydown", (event) => this.#press(event));
    addEventListener("online", () => this.#sendKept());
    this.#sendKept();
  }

  #submit(event) {
    if (!event.target.matches("[data-vote]")) return;
    event.preventDefault();
    const fields = [...new FormData(event.target, event.submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
    this.#send({ address: event.target.action, fields });
  }

  // The letters shown on the buttons, and always A, D, P and U.
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const pressed = event.key.toLowerCase();
    const button = [...this.#card.querySelectorAll("button[data-keys]")].find(({ dataset }) =>
      dataset.keys.toLowerCase().split(" ").includes(pressed),
    );
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  }

  async #send(vote) {
    if (this.#sending) return;
    this.#sending = true;
    this.#card.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(vote.address, { method: "POST", body: this.#body(vote), headers: { "X-Requested-With": "fetch" } });
      this.#letGo();
      await this.#answer(response, choiceOf(vote));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#keep(vote);
    } finally {
      this.#sending = false;
      this.#card.removeAttribute("aria-busy");
    }
  }

  #body({ fields }) {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    return body;
  }

  async #answer(response, choice) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.querySelector("[data-card]");
    if (!next) {
      this.#tell(page.querySelector("[data-what]")?.textContent ?? this.#say("not_counted"));
      return;
    }
    this.#tell("");
    await this.#swap(next, response.ok ? choice : null);
  }

  async #swap(next, choice) {
    const focused = this.#card.contains(document.activeElement) ? document.activeElement.value : null;
    if (choice && !calm.matches) {
      const gone = [{ opacity: 1, translate: "0 0" }, { opacity: 0, translate: AWAY[choice] ?? "0 0" }];
      await this.#card.querySelector("[data-paper]")?.animate(gone, { duration: ANSWER_TIME / 2, easing: "ease-in" }).finished;
    }
    this.#card.replaceWith(next);
    this.#card = next;
    if (choice && !calm.matches) {
      const come = [{ opacity: 0, translate: "0 0.75rem" }, { opacity: 1, translate: "0 0" }];
      next.querySelector("[data-paper]")?.animate(come, { duration: ANSWER_TIME, easing: "cubic-bezier(0.2,0.7,0.2,1)" });
    }
    if (focused !== null) (next.querySelector(`button[value="${CSS.escape(focused)}"]`) ?? next.querySelector("[data-heading]"))?.focus();
    this.#announce(next.querySelector("[data-aloud]")?.textContent ?? "");
  }

  #keep(vote) {
    localStorage.setItem(this.#key, JSON.stringify(vote));
    this.#tell(this.#say("unsent"));
    for (const button of this.#card.querySelectorAll("button[name=choice]")) {
      button.classList.toggle("waiting", button.value === choiceOf(vote));
    }
    const wait = Math.min(20_000, 1000 * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#sendKept(), wait);
  }

  #sendKept() {
    const kept = localStorage.getItem(this.#key);
    if (kept) this.#send(JSON.parse(kept));
  }

  #letGo() {
    clearTimeout(this.#retry);
    this.#attempts = 0;
    localStorage.removeItem(this.#key);
  }

  #tell(words) {
    this.#status.hidden = !words;
    this.#status.querySelector("p").textContent = words;
  }

  #announce(words) {
    document.querySelector("[data-deck-aloud]").textContent = words;
  }
}

const choiceOf = ({ fields }) => fields.find(([name]) => name === "choice")?.[1];

const host = document.querySelector("[data-deck]");
if (host) new Deck(host);
