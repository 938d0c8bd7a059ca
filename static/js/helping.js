// While a helper enters for somebody else: a page that nobody touches asks the server whether that still goes on, so that
// what stands on it does not stay on a screen that was left.
const LOOK = 15_000;
const SECOND = 1_000;

const idle = Number(document.querySelector(".helping-bar").dataset.idle) * SECOND;
let touched = Date.now();

for (const kind of ["keydown", "pointerdown", "input"]) addEventListener(kind, () => (touched = Date.now()), true);
setInterval(() => Date.now() - touched > idle && location.reload(), LOOK);
