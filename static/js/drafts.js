// What somebody types stays on their device until the server has it: through reloads, lost lines and errors.

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

function restore(form, values) {
  for (const field of form.elements) {
    if (!isKept(field) || !(field.name in values)) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === values[field.name];
    else if (field.tagName === "TEXTAREA" && !field.value) field.value = values[field.name];
  }
}

export function keepDrafts(forms) {
  forgetWhatArrived();
  for (const form of forms) {
    const key = `draft:${form.dataset.draft}`;
    const kept = localStorage.getItem(key);
    if (kept) restore(form, JSON.parse(kept).values);
    const keep = (sent) => {
      const values = read(form);
      const hasWords = [...form.elements].some((field) => field.tagName === "TEXTAREA" && field.value.trim());
      if (hasWords) localStorage.setItem(key, JSON.stringify({ values, sent }));
      else localStorage.removeItem(key);
    };
    form.addEventListener("input", () => keep(false));
    form.addEventListener("submit", () => keep(true));
  }
}

// A draft is let go only when a page says that it arrived: a submit alone may die on the way.
function forgetWhatArrived() {
  if (!document.querySelector('.messages [data-level="success"]')) return;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && JSON.parse(localStorage.getItem(key)).sent) localStorage.removeItem(key);
  }
}
