// Room for everything: what would lie on top of each other is moved apart a little.

const ROUNDS = 60;
const FARTHEST = 0.6; // times its reach: further off, a letter would stand beside its group's summit

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
