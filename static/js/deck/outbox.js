// Votes on their way: each stays on this device until the server has answered it, and they are sent one by one, in order.
import { storage } from "../storage.js";

const LONGEST_ANSWER = 8_000;
const LONGEST_WAIT = 20_000;
const TOO_MUCH_NOW = 429;

class NotNow extends Error {}

export class Outbox {
  #key;
  #told;
  #sending = false;
  #retry = 0;
  #attempts = 0;

  // `told` hears what came of it: arrived({html, ok, vote}) once nothing waits any more, kept(reason) while something does.
  constructor(key, told) {
    [this.#key, this.#told] = [key, told];
    addEventListener("online", () => this.send());
  }

  get waiting() {
    return JSON.parse(storage.getItem(this.#key) ?? "[]");
  }

  post(vote) {
    const before = this.waiting;
    this.#write([...before, vote]);
    if (before.length) this.#told.kept("no_line");
    this.send();
  }

  takeBack() {
    const votes = this.waiting;
    const last = this.#sending && votes.length === 1 ? undefined : votes.pop();
    this.#write(votes);
    return last;
  }

  async send() {
    if (this.#sending || !this.waiting.length) return;
    this.#sending = true;
    clearTimeout(this.#retry);
    let answer = null;
    let reason = null;
    try {
      for (let vote = this.waiting[0]; vote; vote = this.waiting[0]) {
        const next = await this.#answerTo(vote);
        this.#remove(vote);
        // What was refused has to be read, whatever came after it.
        if (!answer || answer.ok) answer = next;
      }
      this.#attempts = 0;
    } catch (error) {
      if (!isOfTheLine(error)) throw error;
      reason = error instanceof NotNow ? error.message : "no_line";
    } finally {
      this.#sending = false;
    }
    if (!reason) return this.#told.arrived(answer);
    if (reason !== "not_let_in") this.#again();
    return this.#told.kept(reason);
  }

  async #answerTo(vote) {
    const response = await fetch(vote.address, {
      method: "POST",
      body: bodyOf(vote),
      headers: { "X-Requested-With": "fetch" },
      signal: AbortSignal.timeout(LONGEST_ANSWER),
    });
    if (response.redirected || response.status === 403) throw new NotNow("not_let_in");
    if (response.status >= 500 || response.status === TOO_MUCH_NOW) throw new NotNow("no_line");
    return { html: await response.text(), ok: response.ok, vote };
  }

  #again() {
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    this.#retry = setTimeout(() => this.send(), wait);
  }

  #remove({ id }) {
    this.#write(this.waiting.filter((vote) => vote.id !== id));
  }

  #write(votes) {
    if (votes.length) storage.setItem(this.#key, JSON.stringify(votes));
    else storage.removeItem(this.#key);
  }
}

const isOfTheLine = (error) => error instanceof TypeError || error instanceof NotNow || error.name === "TimeoutError";

function bodyOf({ fields }) {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  return body;
}

export function voteFrom(form, button) {
  const fields = [...new FormData(form, button)].filter(([name]) => name !== "csrfmiddlewaretoken");
  return { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), address: form.action, fields };
}

export const choiceOf = ({ fields }) => fields.find(([name]) => name === "choice")?.[1];
