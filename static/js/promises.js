// What this device itself knows of one's contributions: the numbers it put into them, and the promises it was given.
// Only so can it notice later that something is missing, or that it is shown somebody else's receipt.
import { storage } from "./storage.js";

const KEPT = (slug) => `promises:${slug}`;
const BYTES = 16;

export function kept(slug) {
  try {
    return { nonces: [], promises: {}, ...JSON.parse(storage.getItem(KEPT(slug))) };
  } catch {
    return { nonces: [], promises: {} };
  }
}

function keep(slug, change) {
  const now = kept(slug);
  change(now);
  try {
    storage.setItem(KEPT(slug), JSON.stringify(now));
  } catch {
    // A full or forbidden storage takes nothing away: the receipts on the site stay.
  }
}

const slugHere = () => location.pathname.split("/")[2];

function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Fired when a form is sent, and when a script reads it: both ways carry the number.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches("form[data-sealed]")) return;
  const nonce = newNonce();
  formData.set("nonce", nonce);
  keep(slugHere(), ({ nonces }) => nonces.push(nonce));
});

customElements.define(
  "kept-promise",
  class extends HTMLElement {
    connectedCallback() {
      const { assembly, leaf, promise } = this.dataset;
      keep(assembly, ({ promises }) => (promises[leaf] ??= promise));
    }
  },
);
