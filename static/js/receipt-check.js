// Checks a receipt in the browser: the entry that a short code found, or the receipts in a file, which stays here.
import { phrasesIn } from "./phrases.js";
import { continues, fromBase64, isIncluded, isSigned, leafHash, parsedCheckpoint, parsedNote, same, toHex } from "./record-proof.js";

const PROOF = "c2sp.org/tlog-proof@v1";

class ReceiptCheck {
  #record;
  #say = phrasesIn(document);
  #results = document.querySelector("[data-results]");
  #keys = [...document.querySelectorAll("[data-record-key]")].map(({ dataset }) => dataset.recordKey);
  #promiseKey = document.querySelector("[data-promise-key]").dataset.promiseKey;

  constructor(host) {
    this.#record = host.dataset.receiptCheck;
    document.querySelector("[data-without-script]").hidden = true;
    document.querySelector("[data-file]").hidden = false;
    document.querySelector("#file").addEventListener("change", ({ target }) => this.#read(target.files[0]));
    const entry = document.querySelector("[data-entry]");
    if (entry) this.#follow(entry);
  }

  async #follow(entry) {
    entry.hidden = false;
    entry.textContent = this.#say("checking");
    try {
      const { leaf, sequence, proof, checkpoint: note } = await this.#ask(`proof/${entry.dataset.entry}.json`);
      const checkpoint = parsedCheckpoint(note);
      const steps = proof.map(fromBase64);
      const included = await isIncluded(await leafHash(leaf), sequence, checkpoint.size, steps, checkpoint.root);
      const signed = await this.#signed(checkpoint);
      entry.textContent = this.#say(!included || signed === false ? "broken" : signed ? "proved" : "unsigned");
    } catch {
      entry.textContent = this.#say("lost");
    }
  }

  async #read(file) {
    this.#results.replaceChildren();
    if (!file) return;
    const receipts = receiptsIn(await file.text());
    if (!receipts.length) return this.#add(this.#say("empty"), false);
    for (const [at, receipt] of receipts.entries()) await this.#check(receipt, at + 1);
  }

  async #check(receipt, n) {
    try {
      const outcome = receipt.startsWith(PROOF) ? await this.#proof(receipt) : await this.#promise(receipt);
      this.#add(this.#say(outcome.say, { n, place: outcome.place }), outcome.good);
    } catch (error) {
      this.#add(this.#say(error instanceof TypeError ? "lost" : "wrong", { n }), false);
    }
  }

  // A proof is good if it leads to its own checkpoint, and the newest one continues that.
  async #proof(receipt) {
    const [head, note] = [receipt.slice(0, receipt.indexOf("\n\n")), receipt.slice(receipt.indexOf("\n\n") + 2)];
    const [, extra, index, ...proof] = head.split("\n");
    const leaf = JSON.parse(new TextDecoder().decode(fromBase64(extra.replace("extra ", "")))).leaf;
    const place = Number(index.replace("index ", ""));
    const old = parsedCheckpoint(note);
    const good =
      (await this.#signed(old)) !== false &&
      (await isIncluded(await leafHash(leaf), place, old.size, proof.map(fromBase64), old.root)) &&
      (await this.#isContinued(old));
    return { say: good ? "sealed" : "wrong", place, good };
  }

  async #isContinued(old) {
    const { proof, checkpoint: note } = await this.#ask(`consistency/${old.size}.json`);
    const newest = parsedCheckpoint(note);
    const signed = await this.#signed(newest);
    return signed !== false && newest.origin === old.origin && continues(old.size, old.root, newest.size, newest.root, proof.map(fromBase64));
  }

  async #promise(receipt) {
    const note = parsedNote(receipt);
    if ((await isSigned(note, this.#promiseKey)) === false) return { say: "wrong", good: false };
    const hash = fromBase64(note.said[1]);
    const answer = await fetch(`${this.#record}places/${toHex(hash)}.json`);
    if (answer.status === 404) return { say: "missing", good: false };
    const { sequence } = await answer.json();
    if (sequence === null) return { say: "promised", good: true };
    const { leaf } = await this.#ask(`proof/${sequence}.json`);
    const good = same(await leafHash(leaf), hash);
    return { say: good ? "kept" : "wrong", place: sequence, good };
  }

  // By the key of the record, or by one that it had before.
  async #signed(checkpoint) {
    const results = await Promise.all(this.#keys.map((key) => isSigned(checkpoint, key)));
    return results.includes(true) || (results.includes(undefined) ? undefined : false);
  }

  async #ask(path) {
    const answer = await fetch(this.#record + path);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  #add(words, good) {
    const item = document.createElement("li");
    item.textContent = words;
    item.className = good ? "fits" : "wrong";
    this.#results.append(item);
  }
}

// Each receipt ends with the line of its signature.
function receiptsIn(text) {
  const found = [];
  let lines = [];
  for (const line of text.split("\n")) {
    if (lines.length || line) lines.push(line);
    if (line.startsWith("— ")) {
      found.push(`${lines.join("\n")}\n`);
      lines = [];
    }
  }
  return found;
}

const host = document.querySelector("[data-receipt-check]");
if (host && window.crypto?.subtle) new ReceiptCheck(host);
