// Where words can stand without covering each other or a place.

const SIDES = [[0, -1], [0, 1], [1, 0], [-1, 0], [0.8, -0.8], [-0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]];

// Labels are {key, at, reach, width, height}; returns a map from key to the middle of the label, relative to `at`.
export function placeLabels(labels, obstacles, [width, height]) {
  const taken = [...obstacles];
  const offsets = new Map();
  for (const label of labels) {
    const options = SIDES.map(([x, y]) => {
      const dx = x * (label.reach + label.width / 2);
      const dy = y * (label.reach + label.height / 2);
      const box = boxAround([label.at[0] + dx, label.at[1] + dy], label.width, label.height);
      const outside = box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height ? 1e4 : 0;
      return { dx, dy, box, cost: outside + taken.reduce((sum, other) => sum + overlap(box, other), 0) };
    });
    const best = options.reduce((a, b) => (b.cost < a.cost - 0.5 ? b : a));
    offsets.set(label.key, [best.dx, best.dy]);
    taken.push(best.box);
  }
  return offsets;
}

export const boxAround = ([x, y], width, height) => [x - width / 2, y - height / 2, x + width / 2, y + height / 2];

function overlap(a, b) {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return across > 0 && down > 0 ? across * down : 0;
}
