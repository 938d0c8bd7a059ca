// One sentence above the map: what became different, or how things stand.
import { nearestGroup } from "./position.js";

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
  const nearest = you.after && nearestGroup(you.after, after.groups)?.letter;
  if (nearest && you.before && nearest !== nearestGroup(you.before, before.groups)?.letter) {
    return say("news_you", { letter: nearest });
  }
  const more = after.votes - before.votes;
  return more > 0 ? say("news_votes", { n: more }) : standingOf(after, say, withCounts);
}

export function standingOf({ stable, groups, votes, participants }, say, withCounts) {
  const line = say(stable ? "standing_groups" : "standing_unclear", { n: groups.length });
  return withCounts ? `${line} ${say("standing_counts", { votes, n: participants })}` : line;
}
