// What is on the map, in map units, and how one picture turns into the next.
import { ringsBetween } from "./rings.js";

export function pictureOf(snapshot, you) {
  const common = new Set(snapshot.common_ground);
  const divides = new Set(snapshot.divides);
  const votesOf = (statement) => statement.agree + statement.disagree + statement.pass;
  const most = Math.max(1, ...snapshot.statements.map(votesOf));
  return {
    land: snapshot.land,
    groups: snapshot.groups.map(({ letter, size, centre, contours }) => ({ letter, size, centre, contours })),
    places: snapshot.statements.map((statement) => ({
      id: statement.id,
      number: statement.number,
      at: statement.at,
      weight: Math.sqrt(votesOf(statement) / most),
      kind: common.has(statement.id) ? "common" : divides.has(statement.id) ? "divides" : "plain",
    })),
    you,
  };
}

const SEA = 0.1;

// What must be seen: land, and a strip of sea as wide as that share of it. A statement farther off stands at its edge.
export function boxOf(snapshot) {
  const points = [...snapshot.land.flat(), ...snapshot.groups.flatMap(({ contours }) => contours.flat(2))];
  if (!points.length) return snapshot.bounds;
  const land = around(points);
  const [across, down] = [SEA * (land[2] - land[0]), SEA * (land[3] - land[1])];
  const [xmin, ymin, xmax, ymax] = [land[0] - across, land[1] - down, land[2] + across, land[3] + down];
  const inside = ([x, y]) => [Math.min(xmax, Math.max(xmin, x)), Math.min(ymax, Math.max(ymin, y))];
  return around([...points, ...snapshot.statements.map(({ at }) => inside(at))]);
}

function around(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function pictureBetween(before, after) {
  const land = ringsBetween(before.land, after.land);
  const old = { groups: byKey(before.groups, "letter"), places: byKey(before.places, "id") };
  const gone = before.groups.filter(({ letter }) => !after.groups.some((group) => group.letter === letter));
  const groups = [
    ...after.groups.map((group) => groupBetween(old.groups.get(group.letter), group)),
    ...gone.map((group) => groupBetween(group, { ...group, contours: [] })),
  ];
  return (t) => ({
    land: land(t),
    groups: groups.map((blend) => blend(t)),
    places: after.places.map((place) => ({ ...place, at: mix(old.places.get(place.id)?.at, place.at, t) })),
    you: after.you && mix(before.you, after.you, t),
  });
}

function groupBetween(before, after) {
  const levels = Math.max(before?.contours.length ?? 0, after.contours.length);
  const contours = Array.from({ length: levels }, (_, i) =>
    ringsBetween(before?.contours[i] ?? [], after.contours[i] ?? []),
  );
  return (t) => ({
    ...after,
    centre: mix(before?.centre, after.centre, t),
    contours: contours.map((blend) => blend(t)),
  });
}

const byKey = (items, key) => new Map(items.map((item) => [item[key], item]));
const mix = (a, b, t) => (a ? [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t] : b);
