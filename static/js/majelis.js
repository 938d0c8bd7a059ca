// What every page has: reading settings, drafts that survive, focus on what went wrong.
import { countCharacters } from "./counter.js";
import { keepDrafts } from "./drafts.js";
import "./promises.js";

function offerReadingSettings(panel) {
  const buttons = [...panel.querySelectorAll("button")];
  const settingOf = (button) => ("theme" in button.dataset ? "theme" : "size");
  const show = () => {
    for (const button of buttons) {
      const setting = settingOf(button);
      const chosen = document.documentElement.dataset[setting] ?? "";
      button.ariaPressed = String(chosen === button.dataset[setting]);
    }
  };
  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const setting = settingOf(button);
    const value = button.dataset[setting];
    if (value) {
      localStorage.setItem(setting, value);
      document.documentElement.dataset[setting] = value;
    } else {
      localStorage.removeItem(setting);
      delete document.documentElement.dataset[setting];
    }
    show();
  });
  panel.hidden = false;
  show();
}

function closeOutside(details) {
  const close = (event) => {
    if (event.type === "keydown" ? event.key === "Escape" : !details.contains(event.target)) {
      if (details.open && event.type === "keydown") details.querySelector("summary").focus();
      details.open = false;
    }
  };
  document.addEventListener("click", close);
  details.addEventListener("keydown", close);
}

document.querySelectorAll("[data-reading]").forEach(offerReadingSettings);
document.querySelectorAll("details.me, details.ways-more").forEach(closeOutside);
document.querySelector(".ways [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.querySelector("[data-focus]")?.focus();
// A shared device keeps nothing of the person who leaves it.
for (const form of document.querySelectorAll("form[data-forget]")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) {
      if (key !== "theme" && key !== "size") localStorage.removeItem(key);
    }
  });
}
// An invitation's code stands behind the # of its link, where no server log sees it.
for (const form of document.querySelectorAll("form[data-code-from-address]")) {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!code) continue;
  form.elements.code.value = code;
  history.replaceState(null, "", location.pathname);
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
keepDrafts(document.querySelectorAll("form[data-draft]"));
countCharacters(document.querySelectorAll("[data-count]"));
