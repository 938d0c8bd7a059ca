// From map units to the screen: fit everything in, then come nearer or move about.

const NEAREST = 6;

export class View {
  #box = [0, 0, 1, 1];
  #size = [1, 1];
  #margin = 0;
  #zoom = 1;
  #centre = [0.5, 0.5];

  fit(box, size, margin) {
    const moved = box.some((edge, i) => edge !== this.#box[i]);
    [this.#box, this.#size, this.#margin] = [box, size, margin];
    if (moved && this.#zoom === 1) this.whole();
  }

  get zoom() {
    return this.#zoom;
  }

  get size() {
    return this.#size;
  }

  get #scale() {
    const [xmin, ymin, xmax, ymax] = this.#box;
    const [width, height] = this.#size.map((length) => Math.max(1, length - 2 * this.#margin));
    return this.#zoom * Math.min(width / (xmax - xmin || 1), height / (ymax - ymin || 1));
  }

  toScreen = ([x, y]) => {
    const scale = this.#scale;
    return [this.#size[0] / 2 + (x - this.#centre[0]) * scale, this.#size[1] / 2 - (y - this.#centre[1]) * scale];
  };

  toMap = ([x, y]) => {
    const scale = this.#scale;
    return [this.#centre[0] + (x - this.#size[0] / 2) / scale, this.#centre[1] - (y - this.#size[1] / 2) / scale];
  };

  whole() {
    const [xmin, ymin, xmax, ymax] = this.#box;
    this.#zoom = 1;
    this.#centre = [(xmin + xmax) / 2, (ymin + ymax) / 2];
  }

  // `towards` stays where it is on the screen; without it the middle does.
  nearer(factor, towards) {
    const zoom = Math.min(NEAREST, Math.max(1, this.#zoom * factor));
    if (zoom === 1) return this.whole();
    const keep = 1 - this.#zoom / zoom;
    const to = towards ?? this.#centre;
    this.#centre = this.#centre.map((c, i) => c + (to[i] - c) * keep);
    this.#zoom = zoom;
    return this.#stay();
  }

  drag(dx, dy) {
    this.#centre = [this.#centre[0] - dx / this.#scale, this.#centre[1] + dy / this.#scale];
    this.#stay();
  }

  #stay() {
    const [xmin, ymin, xmax, ymax] = this.#box;
    this.#centre = [
      Math.min(xmax, Math.max(xmin, this.#centre[0])),
      Math.min(ymax, Math.max(ymin, this.#centre[1])),
    ];
  }
}
