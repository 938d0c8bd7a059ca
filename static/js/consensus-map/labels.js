// Room for everything: places are moved apart a little, then words find a side that is free.

const SIDES = [[0, -1], [0, 1], [1, 0], [-1, 0], [0.8, -0.8], [-0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]];
const ROUNDS = 60;
const FARTHEST = 1.2; // times its reach: further off, a letter would stand on another group's ground
const COVERS = 8; // so much worse it is to cover a number or a named place than a small dot

// Discs are {key, at, reach, fixed, stays}: what stays is moved a little only; returns a map from key to how far each is moved, as [dx, dy].
export function moveApart(discs) {
  const moved = discs.map(({ at }) => [...at]);
  const widest = 2 * Math.max(0, ...discs.map(({ reach }) => reach));
  for (let round = 0; round < ROUNDS; round += 1) {
    if (separateAll(discs, moved, widest)) break;
    discs.forEach((disc, i) => disc.stays && (moved[i] = nearby(disc, moved[i])));
  }
  return new Map(discs.map(({ key, at }, i) => [key, [moved[i][0] - at[0], moved[i][1] - at[1]]]));
}

function nearby({ at, reach }, [x, y]) {
  const part = (FARTHEST * reach) / Math.hypot(x - at[0], y - at[1]);
  return part < 1 ? [at[0] + (x - at[0]) * part, at[1] + (y - at[1]) * part] : [x, y];
}

// From left to right, so that each meets its neighbours alone and not everybody.
function separateAll(discs, moved, widest) {
  const order = discs.map((_, i) => i).sort((a, b) => moved[a][0] - moved[b][0] || a - b);
  let still = true;
  for (let left = 0; left < order.length; left += 1) {
    for (let right = left + 1; right < order.length; right += 1) {
      const [i, j] = [Math.min(order[left], order[right]), Math.max(order[left], order[right])];
      if (moved[order[right]][0] - moved[order[left]][0] > widest) break;
      still = !separate(discs, moved, i, j) && still;
    }
  }
  return still;
}

function separate(discs, moved, i, j) {
  if (discs[i].fixed && discs[j].fixed) return false;
  const needed = discs[i].reach + discs[j].reach;
  let [dx, dy] = [moved[j][0] - moved[i][0], moved[j][1] - moved[i][1]];
  const gap = Math.hypot(dx, dy);
  if (gap >= needed) return false;
  // Exactly the same place: each pair goes its own way, the same way every time.
  if (gap < 0.01) [dx, dy] = [Math.cos(i + 2.4 * j), Math.sin(i + 2.4 * j)];
  const push = (needed - gap) / (Math.max(gap, 1) * (discs[i].fixed || discs[j].fixed ? 1 : 2));
  if (!discs[i].fixed) moved[i] = [moved[i][0] - dx * push, moved[i][1] - dy * push];
  if (!discs[j].fixed) moved[j] = [moved[j][0] + dx * push, moved[j][1] + dy * push];
  return true;
}

// Labels are {key, at, reach, width, height}, `slight` what one may cover if nothing else is free; returns a map from key
// to the middle of the label, relative to `at`.
export function placeLabels(labels, obstacles, slight, [width, height]) {
  const taken = [...obstacles];
  const offsets = new Map();
  for (const label of labels) {
    const options = SIDES.map(([x, y]) => {
      const dx = x * (label.reach + label.width / 2);
      const dy = y * (label.reach + label.height / 2);
      const box = boxAround([label.at[0] + dx, label.at[1] + dy], label.width, label.height);
      const outside = box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height ? 1e4 : 0;
      return { dx, dy, box, cost: outside + COVERS * covered(box, taken) + covered(box, slight) };
    });
    const best = options.reduce((a, b) => (b.cost < a.cost - 0.5 ? b : a));
    offsets.set(label.key, [best.dx, best.dy]);
    taken.push(best.box);
  }
  return offsets;
}

export const boxAround = ([x, y], width, height) => [x - width / 2, y - height / 2, x + width / 2, y + height / 2];

const covered = (box, others) => others.reduce((sum, other) => sum + overlap(box, other), 0);

function overlap(a, b) {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return across > 0 && down > 0 ? across * down : 0;
}
