// The moderation queue by keyboard: J and K go through it, U undoes; other letters press what they are written on.

const items = [...document.querySelectorAll("[data-queue] [data-item]")];
const current = () => items.find((item) => item.contains(document.activeElement));

function goTo(item) {
  item?.focus();
  item?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const at = items.indexOf(current());
  goTo(at < 0 ? items[0] : items[Math.min(Math.max(at + by, 0), items.length - 1)]);
}

function press(key) {
  const item = current();
  const control = [...(item?.querySelectorAll("[data-key]") ?? [])].find(({ dataset }) => dataset.key === key);
  if (!control || !control.checkVisibility()) return false;
  control.click();
  if (control.matches("summary")) control.nextElementSibling.querySelector("[data-first], [data-key]")?.focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "u") document.querySelector("[data-undo]")?.click();
  else if (!press(key)) return;
  event.preventDefault();
});

// After a decision the next one is at hand.
goTo(items.find(({ id }) => `#${id}` === location.hash) ?? (location.hash ? items[0] : undefined));
