// Two fingers, a trackpad's pinch, and the keys + - 0: come nearer to the spot that is meant.

const STEP = 1.6;
const WHEEL = 0.01;

export class Gestures {
  #svg;
  #view;
  #changed;
  #apart = 0;

  constructor(svg, view, changed, signal) {
    [this.#svg, this.#view, this.#changed] = [svg, view, changed];
    svg.addEventListener("touchstart", (event) => this.#begin(event), { signal, passive: false });
    svg.addEventListener("touchmove", (event) => this.#pinch(event), { signal, passive: false });
    for (const end of ["touchend", "touchcancel"]) svg.addEventListener(end, (event) => this.#end(event), { signal });
    // While two fingers pinch, neither of them drags.
    svg.addEventListener("pointermove", (event) => this.#apart && event.stopImmediatePropagation(), { signal, capture: true });
    svg.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    svg.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  #begin(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    this.#apart = distance(event.touches);
  }

  #pinch(event) {
    if (!this.#apart || event.touches.length !== 2) return;
    event.preventDefault();
    const apart = distance(event.touches);
    this.#nearer(apart / this.#apart, middle(event.touches));
    this.#apart = apart;
  }

  #end({ touches }) {
    if (touches.length < 2) this.#apart = 0;
  }

  // Scrolling over the map scrolls the page; only a pinch, which comes as Ctrl and the wheel, is meant for the map.
  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.#nearer(Math.exp(-event.deltaY * WHEEL), [event.clientX, event.clientY]);
  }

  #key({ key }) {
    if (key === "+" || key === "=") this.#view.nearer(STEP);
    else if (key === "-") this.#view.nearer(1 / STEP);
    else if (key === "0") this.#view.whole();
    else return;
    this.#changed();
  }

  #nearer(factor, [x, y]) {
    const { left, top } = this.#svg.getBoundingClientRect();
    this.#view.nearer(factor, this.#view.toMap([x - left, y - top]));
    this.#changed();
  }
}

const distance = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
const middle = ([a, b]) => [(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2];
