// What the chosen places mean, said in one line while somebody chooses. Without it the server says it afterwards.
import { phrasesIn } from "./phrases.js";

class Ballot {
  #rows;
  #line;
  #say;

  constructor(form) {
    this.#rows = [...form.querySelectorAll("[data-candidate]")];
    this.#line = form.querySelector("[data-order]");
    this.#say = phrasesIn(form);
    form.addEventListener("change", () => this.#tell());
    this.#tell();
  }

  #tell() {
    const chosen = this.#rows.map((row) => ({ number: row.dataset.candidate, place: Number(row.querySelector("select").value) }));
    const given = chosen.filter(({ place }) => place).sort((one, other) => one.place - other.place);
    const parts = [...new Set(given.map(({ place }) => place))].map((place) => this.#together(given.filter((each) => each.place === place)));
    const left = chosen.filter(({ place }) => !place).map(({ number }) => number).sort();
    if (parts.length && left.length) parts.push(this.#say("last", { numbers: left.join(", ") }));
    this.#line.hidden = !given.length;
    this.#line.textContent = given.length ? this.#say("order", { order: parts.join(" · ") }) : "";
  }

  #together(equals) {
    const numbers = equals.map(({ number }) => number);
    if (numbers.length === 1) return numbers[0];
    return this.#say("and", { first: numbers.slice(0, -1).join(", "), second: numbers.at(-1) });
  }
}

for (const form of document.querySelectorAll("form[data-ranking]")) new Ballot(form);
