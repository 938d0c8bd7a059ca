// Runs before the first paint, so that a page never flashes in the wrong light or size.
for (const setting of ["theme", "size"]) {
  const kept = localStorage.getItem(setting);
  if (kept) document.documentElement.dataset[setting] = kept;
}
