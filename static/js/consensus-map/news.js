// One sentence above the map: what became different, or how things stand.
import { nearestGroup } from "./position.js";

const LEAST_MOVE = 0.1;

// Where the counts stand elsewhere on the page, the sentence leaves them out.
export function newsOf(before, after, you, { textOf, say, withCounts }) {
  if (!before) return standingOf(after, say, withCounts);
  if (before.stable && !after.stable) return say("news_unclear");
  if (!before.stable && after.stable) return say("news_clear", { n: after.groups.length });
  if (before.groups.length !== after.groups.length) {
    return say("news_groups", { n: after.groups.length, before: before.groups.length });
  }
  const found = after.common_ground.find((id) => !before.common_ground.includes(id));
  if (found) {
    const { number } = after.statements.find(({ id }) => id === found);
    return say("news_common", { number: String(number), text: textOf(found, number).text });
  }
  const moved = movedMost(before, after);
  if (moved) {
    const { number, id, one, other, closer } = moved;
    return say(closer ? "news_closer" : "news_apart", { one, other, number: String(number), text: textOf(id, number).text });
  }
  const nearest = you.after && nearestGroup(you.after, after.groups)?.letter;
  if (nearest && you.before && nearest !== nearestGroup(you.before, before.groups)?.letter) {
    return say("news_you", { letter: nearest });
  }
  const more = after.votes - before.votes;
  return more > 0 ? say("news_votes", { n: more }) : standingOf(after, say, withCounts);
}

// The statement on which two groups came closer or went apart most, if that is more than chance would do: the gap
// between their shares changed by more than two standard errors.
function movedMost(before, after) {
  const earlier = new Map(before.statements.map((statement) => [statement.id, statement.groups]));
  const letters = after.groups.map(({ letter }) => letter);
  let most = null;
  for (const { id, number, groups } of after.statements) {
    const then = earlier.get(id);
    for (const [i, one] of letters.entries()) {
      for (const other of letters.slice(i + 1)) {
        const rates = [then?.[one], then?.[other], groups[one], groups[other]];
        if (rates.some((rate) => !rate)) continue;
        const [a, b, c, d] = rates.map(({ agree, votes }) => agree / votes);
        const change = Math.abs(c - d) - Math.abs(a - b);
        const error = Math.sqrt(rates.reduce((sum, { agree, votes }) => sum + spread(agree, votes), 0));
        if (Math.abs(change) > Math.max(LEAST_MOVE, 2 * error) && Math.abs(change) > (most?.size ?? 0)) {
          most = { id, number, one, other, closer: change < 0, size: Math.abs(change) };
        }
      }
    }
  }
  return most;
}

// The variance of a share, with two votes added so that a unanimous handful is not taken for certain.
function spread(agree, votes) {
  const share = (agree + 1) / (votes + 2);
  return (share * (1 - share)) / (votes + 2);
}

export function standingOf({ stable, groups, votes, participants }, say, withCounts) {
  const line = say(stable ? "standing_groups" : "standing_unclear", { n: groups.length });
  return withCounts ? `${line} ${say("standing_counts", { votes, n: participants })}` : line;
}
