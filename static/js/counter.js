// How many characters a text has and may have. Nothing typed or pasted is ever cut; the server says the same in words.
import { phrasesIn } from "./phrases.js";

const PAUSE = 1000; // of typing, before it is read aloud
const NEARLY = 0.8;

// As the server counts: composed characters, runs of white space folded.
const lengthOf = (text) => [...text.normalize("NFC").replace(/[^\S\n]+/g, " ").trim()].length;

export function countCharacters(places) {
  for (const place of places) {
    const field = document.getElementById(place.dataset.count);
    const longest = Number(place.dataset.longest);
    const say = phrasesIn(place);
    let pause = 0;
    const count = () => {
      const n = lengthOf(field.value);
      const words = say(n > longest ? "over" : "count", { n, longest, over: n - longest });
      place.querySelector("[data-counted]").textContent = words;
      place.classList.toggle("over", n > longest);
      clearTimeout(pause);
      pause = setTimeout(() => (place.querySelector("[role=status]").textContent = n > NEARLY * longest ? words : ""), PAUSE);
    };
    field.addEventListener("input", count);
    count();
  }
}
