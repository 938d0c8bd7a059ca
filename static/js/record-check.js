// Checks one's own receipts in one's own browser: content → leaf → root of the signed checkpoint (RFC 6962).
import { phrasesIn } from "./phrases.js";

const utf8 = new TextEncoder();
const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1), ED25519 = 1;

const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const same = (one, other) => toHex(one) === toHex(other);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

async function commitment(salt, content) {
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, content)));
}

async function isIncluded(hash, index, size, proof, root) {
  if (index < 0 || index >= size) return false;
  let place = index, last = size - 1, reached = hash;
  for (const step of proof) {
    if (last === 0) return false;
    if (place & 1 || place === last) {
      reached = await sha256(NODE, step, reached);
      while (!(place & 1) && place) [place, last] = [place >> 1, last >> 1];
    } else {
      reached = await sha256(NODE, reached, step);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 && same(reached, root);
}

function parsed(note) {
  const end = note.lastIndexOf("\n\n");
  const [origin, size, root] = note.slice(0, end).split("\n");
  return { text: note.slice(0, end + 1), signature: note.slice(end + 2).trim().split(" ").at(-1), origin, size: Number(size), root: fromBase64(root) };
}

// True or false; undefined where this browser knows no Ed25519.
async function isSigned({ text, signature }, verifierKey) {
  const key = fromBase64(verifierKey.split("+").slice(2).join("+"));
  if (key[0] !== ED25519) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", key.slice(1), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, fromBase64(signature).slice(4), utf8.encode(text));
  } catch (error) {
    if (error.name === "NotSupportedError" || error instanceof TypeError) return undefined;
    throw error;
  }
}

async function fits(receipt, checkpoint) {
  const leaf = utf8.encode(receipt.leaf);
  const committed = await commitment(fromHex(receipt.salt), utf8.encode(receipt.content));
  if (JSON.parse(receipt.leaf).c !== committed) return false;
  const hash = await sha256(LEAF, leaf);
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
    const sealed = receipts.filter(({ sequence }) => sequence !== null);
    if (!sealed.length) return this.#tell(this.#say("nothing"), true);
    const checkpoint = parsed(note);
    const signed = await isSigned(checkpoint, key);
    const results = await Promise.all(receipts.map((each) => (each.sequence === null ? null : fits(each, checkpoint))));
    this.#mark(results);
    const wrong = signed === false ? sealed.length : results.filter((result) => result === false).length;
    if (wrong) return this.#tell(this.#say("wrong", { n: wrong }), false);
    this.#tell(`${this.#say("fits", { n: sealed.length })} ${this.#say(signed ? "signed" : "unsigned")}`, true);
    await fetch(this.#form.action, { method: "POST", body: new FormData(this.#form), headers: { "X-Requested-With": "fetch" } });
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
