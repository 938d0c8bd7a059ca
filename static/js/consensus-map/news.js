// One sentence above the map: what became different, or how things stand.
import { nearestGroup } from "./position.js";

export function newsOf(before, after, you, textOf, say) {
  if (!before) return standing(after, say);
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
  return more > 0 ? say("news_votes", { n: more }) : standing(after, say);
}

function standing({ stable, groups, votes, participants }, say) {
  const counts = say("standing_counts", { votes, n: participants });
  return `${say(stable ? "standing_groups" : "standing_unclear", { n: groups.length })} ${counts}`;
}
