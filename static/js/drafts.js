// What somebody types stays on their device until the server has it: through reloads, lost lines and errors.
import { storage } from "./storage.js";

const isKept = (field) => field.name && !["hidden", "password", "submit"].includes(field.type);

function read(form) {
  const values = {};
  for (const field of form.elements) {
    if (!isKept(field)) continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) values[field.name] = field.value;
    } else if (field.value.trim()) {
      values[field.name] = field.value;
    }
  }
  return values;
}

const hasWords = (form) => [...form.elements].some((field) => field.tagName === "TEXTAREA" && field.value.trim());

function restore(form, values) {
  for (const field of form.elements) {
    if (!isKept(field) || !(field.name in values)) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === values[field.name];
    else if (field.tagName === "TEXTAREA" || field.type === "number") field.value = values[field.name];
  }
}

export function keepDrafts(forms) {
  forgetWhatArrived();
  for (const form of forms) {
    const key = `draft:${form.dataset.draft}`;
    recall(form, key);
    const keep = (how) => {
      if (hasWords(form)) storage.setItem(key, JSON.stringify({ values: read(form), ...how }));
      else storage.removeItem(key);
    };
    form.addEventListener("input", () => keep({}));
    form.addEventListener("submit", () => keep({ sent: true }));
    form.addEventListener("majelis:kept", () => keep({ onServer: true }));
  }
}

// What the server has as well, it shows as it stands there now: changed on another device, or posted and gone.
function recall(form, key) {
  const kept = JSON.parse(storage.getItem(key) ?? "null");
  if (kept?.onServer) return hasWords(form) || storage.removeItem(key);
  if (kept && (!kept.sent || !hasWords(form))) restore(form, kept.values);
  return undefined;
}

// A draft is let go only when a page says that it arrived: a submit alone may die on the way.
function forgetWhatArrived() {
  if (!document.querySelector('.messages [data-level="success"]')) return;
  for (const key of Object.keys(storage)) {
    if (key.startsWith("draft:") && JSON.parse(storage.getItem(key)).sent) storage.removeItem(key);
  }
}
