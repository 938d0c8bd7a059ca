// Closed lines of the terrain: smooth paths, and how one picture becomes the next.

const CORNERS = 72;

export function pathOf(rings, toScreen) {
  return rings.map((ring) => smooth(ring.map(toScreen))).join("");
}

// A soft line through every corner: its direction there is that of the two neighbours, its handles a third of a side.
function smooth(points) {
  const last = points.length - 1;
  const closed = points[0][0] === points[last][0] && points[0][1] === points[last][1] ? points.slice(0, last) : points;
  if (closed.length < 3) return "";
  const at = (i) => closed[(i + closed.length) % closed.length];
  const write = ([x, y]) => `${Math.round(10 * x) / 10} ${Math.round(10 * y) / 10}`;
  const handle = (i, length) => {
    const [a, b] = [at(i - 1), at(i + 1)];
    const chord = distance(a, b) || 1;
    return [at(i)[0] + ((b[0] - a[0]) / chord) * length, at(i)[1] + ((b[1] - a[1]) / chord) * length];
  };
  let path = `M${write(at(0))}`;
  for (let i = 0; i < closed.length; i += 1) {
    const third = distance(at(i), at(i + 1)) / 3;
    path += `C${write(handle(i, third))} ${write(handle(i + 1, -third))} ${write(at(i + 1))}`;
  }
  return `${path}Z`;
}

// Returns a function of t in 0…1 that gives the rings between the two sets. A ring without a partner grows out of its
// own middle or shrinks into it.
export function ringsBetween(before, after) {
  const partners = pair(before, after);
  const blends = partners.map(([a, b]) => {
    const from = resample(a ?? pointAt(middleOf(b)));
    const to = align(resample(b ?? pointAt(middleOf(a))), from);
    return (t) => from.map(([x, y], i) => [x + (to[i][0] - x) * t, y + (to[i][1] - y) * t]);
  });
  return (t) => blends.map((blend) => blend(t));
}

function pair(before, after) {
  const free = new Set(before);
  const pairs = after.map((ring) => {
    const at = middleOf(ring);
    let best = null;
    for (const other of free) {
      const gap = distance(middleOf(other), at);
      if (!best || gap < best.gap) best = { other, gap };
    }
    if (best) free.delete(best.other);
    return [best?.other ?? null, ring];
  });
  return [...pairs, ...[...free].map((ring) => [ring, null])];
}

const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const pointAt = (point) => [point, point, point, point];

export function middleOf(ring) {
  const sum = ring.reduce(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / ring.length, sum[1] / ring.length];
}

// The same line with a fixed number of corners, evenly apart.
function resample(ring) {
  const lengths = ring.map((point, i) => distance(point, ring[(i + 1) % ring.length]));
  const step = lengths.reduce((sum, length) => sum + length, 0) / CORNERS;
  const corners = [];
  let side = 0;
  let passed = 0;
  for (let i = 0; i < CORNERS; i += 1) {
    while (side < ring.length - 1 && passed + lengths[side] < i * step) passed += lengths[side++];
    const part = lengths[side] ? (i * step - passed) / lengths[side] : 0;
    const [a, b] = [ring[side], ring[(side + 1) % ring.length]];
    corners.push([a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]);
  }
  return corners;
}

// Turned so that corners travel as little as possible.
function align(ring, to) {
  let best = { travel: Infinity, turn: 0 };
  for (let turn = 0; turn < CORNERS; turn += 3) {
    let travel = 0;
    for (let i = 0; i < CORNERS; i += 6) travel += distance(ring[(i + turn) % CORNERS], to[i]);
    if (travel < best.travel) best = { travel, turn };
  }
  return to.map((_, i) => ring[(i + best.turn) % CORNERS]);
}
