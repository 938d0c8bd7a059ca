// The meaning of a word where it stands. Without this script, or in an old browser, the link leads to the glossary.

class Meaning {
  #note;

  constructor(main, note) {
    this.#note = note;
    main.append(note);
    note.querySelector("button").addEventListener("click", () => note.hidePopover());
    main.addEventListener("click", (event) => {
      const term = event.target.closest("a.term");
      if (!term || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#show(term);
    });
  }

  #show(term) {
    const say = (slot, text) => (this.#note.querySelector(`[data-slot="${slot}"]`).textContent = text);
    say("term", term.textContent);
    say("meaning", term.dataset.meaning);
    this.#note.querySelector("a").href = term.href;
    this.#note.showPopover({ source: term }); // what is in it comes next by keyboard
  }
}

const note = document.querySelector("template[data-meaning]");
if (note && "popover" in HTMLElement.prototype) {
  new Meaning(document.querySelector("main"), note.content.firstElementChild.cloneNode(true));
}
