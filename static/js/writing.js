// While somebody writes: the draft is kept on the server too, and what it answers is shown beside. Nothing waits for it.
import { storage } from "./storage.js";

const PAUSE = 700; // of typing
const ASK_AGAIN = 1500; // where what is similar was not found in time
const TIMES = 4;

class Writing {
  #form;
  #place;
  #aloud;
  #advice;
  #asked = "";
  #waiting = null;
  #pause = 0;
  #times = 0;

  constructor(form) {
    this.#form = form;
    this.#place = document.querySelector("[data-beside-place]");
    this.#advice = this.#place.querySelector(".writing-advice")?.outerHTML ?? "";
    this.#aloud = document.querySelector("[data-beside-aloud]");
    form.addEventListener("input", () => this.#soon());
    // Which side an argument is on is chosen without typing.
    form.addEventListener("change", () => this.#soon());
    form.addEventListener("submit", () => this.#leave());
    document.querySelector("form[data-discard]")?.addEventListener("submit", () => this.#leave());
    if (form.elements.text.value && !this.#place.querySelector("[data-beside]")) this.#soon();
  }

  #soon() {
    clearTimeout(this.#pause);
    this.#times = 0;
    this.#pause = setTimeout(() => this.#look(), PAUSE);
  }

  #again() {
    this.#asked = "";
    this.#times += 1;
    if (this.#times < TIMES) this.#pause = setTimeout(() => this.#look(), ASK_AGAIN);
  }

  // What is being posted or thrown away must not come back as a draft.
  #leave() {
    clearTimeout(this.#pause);
    this.#waiting?.abort();
  }

  async #look() {
    const body = this.#body();
    const asked = JSON.stringify([...body]);
    if (asked === this.#asked) return;
    this.#waiting?.abort();
    this.#waiting = new AbortController();
    try {
      const answer = await fetch(this.#form.dataset.besideFrom, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch", "X-CSRFToken": this.#form.elements.csrfmiddlewaretoken.value },
        signal: this.#waiting.signal,
      });
      if (answer.redirected || answer.status >= 400) return;
      this.#asked = asked;
      this.#show(answer.status === 204 ? this.#advice : await answer.text());
      if (this.#place.querySelector("[data-unread]")) this.#again();
      if (asked === JSON.stringify([...this.#body()])) this.#form.dispatchEvent(new CustomEvent("majelis:kept"));
    } catch {
      // No line, or words that were typed meanwhile: the draft is kept on this device, and the next pause asks again.
    }
  }

  #body() {
    const body = new FormData();
    const { text, language, side } = this.#form.elements;
    body.append("text", text.value.trim());
    body.append("language", language.value);
    if (side?.value) body.append("side", side.value);
    return body;
  }

  #show(html) {
    // Who is among the offers with the keyboard is not thrown out of them.
    if (this.#place.contains(document.activeElement)) return;
    this.#place.innerHTML = html;
    const beside = this.#place.querySelector("[data-beside]");
    this.#form.elements.seen.value = beside?.dataset.seen ?? "";
    const told = beside?.querySelector("[data-aloud]")?.textContent ?? "";
    if (told !== this.#aloud.textContent) this.#aloud.textContent = told;
  }
}

for (const form of document.querySelectorAll("form[data-beside-from]")) new Writing(form);
for (const form of document.querySelectorAll("form[data-discard]")) {
  form.addEventListener("submit", () => storage.removeItem(`draft:${form.dataset.discard}`));
}
