// Checks one's own receipts in one's own browser: content → leaf → root of the signed checkpoint. And holds them against
// what this device itself knows: the promises it was given, and the numbers it put into what it sent.
import { phrasesIn } from "./phrases.js";
import { kept } from "./promises.js";
import { bytesOf, commitment, fromHex, fromBase64, isIncluded, isSigned, leafHash, parsedCheckpoint, toBase64, toHex } from "./record-proof.js";

async function fits(receipt, checkpoint) {
  const committed = await commitment(fromHex(receipt.salt), bytesOf(receipt.content));
  if (JSON.parse(receipt.leaf).c !== committed) return false;
  const hash = await leafHash(receipt.leaf);
  return isIncluded(hash, receipt.sequence, checkpoint.size, receipt.proof.map(fromHex), checkpoint.root);
}

class RecordCheck {
  #form;
  #say;

  constructor(form) {
    this.#form = form;
    this.#say = phrasesIn(form);
    form.querySelector("[data-who-checks]").textContent = form.querySelector("[data-who-checks]").dataset.inBrowser;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check().catch(() => this.#tell(this.#say("lost"), false));
    });
  }

  async #check() {
    this.#tell(this.#say("checking"), true);
    const response = await fetch(this.#form.dataset.recordCheck, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    const { checkpoint: note, key, receipts } = await response.json();
    const missing = await this.#missing(receipts);
    if (missing) return this.#tell(this.#say("missing", { n: missing }), false);
    const sealed = receipts.filter(({ sequence }) => sequence !== null);
    if (!sealed.length) return this.#tell(this.#say("nothing"), true);
    const checkpoint = parsedCheckpoint(note);
    const signed = await isSigned(checkpoint, key);
    const results = await Promise.all(receipts.map((each) => (each.sequence === null ? null : fits(each, checkpoint))));
    this.#mark(results);
    const wrong = signed === false ? sealed.length : results.filter((result) => result === false).length;
    if (wrong) return this.#tell(this.#say("wrong", { n: wrong }), false);
    this.#tell(`${this.#say("fits", { n: sealed.length })} ${this.#say(signed ? "signed" : "unsigned")}`, true);
    await fetch(this.#form.action, { method: "POST", body: new FormData(this.#form), headers: { "X-Requested-With": "fetch" } });
  }

  // How many promises that this device was given are not kept: neither among the receipts nor in the record.
  async #missing(receipts) {
    const { promises, nonces } = kept(this.#form.dataset.assembly);
    const mine = new Map();
    for (const receipt of receipts) mine.set(toBase64(await leafHash(receipt.leaf)), receipt);
    let missing = 0;
    for (const hash of Object.keys(promises)) {
      const receipt = mine.get(hash);
      const isMine = receipt ? !receipt.nonce_is_own || nonces.includes(JSON.parse(receipt.content).nonce) : await this.#isThere(hash);
      if (!isMine) missing += 1;
    }
    return missing;
  }

  async #isThere(hash) {
    const place = await fetch(`${this.#form.dataset.places}${toHex(fromBase64(hash))}.json`);
    return place.ok;
  }

  #mark(results) {
    for (const [at, tag] of document.querySelectorAll("[data-receipt]").entries()) {
      if (results[at] === null || results[at] === undefined) continue;
      tag.textContent = this.#say(results[at] ? "row" : "row_wrong");
      tag.classList.add(results[at] ? "fits" : "wrong");
    }
  }

  #tell(words, good) {
    const result = this.#form.querySelector("[data-check-result]");
    result.hidden = false;
    result.classList.remove("calm");
    result.classList.toggle("done", good);
    result.classList.toggle("wrong", !good);
    result.querySelector("p").textContent = words;
  }
}

// On plain http browsers do no cryptography: the form then asks the server, and says so.
const form = document.querySelector("form[data-record-check]");
if (form && window.crypto?.subtle) new RecordCheck(form);
