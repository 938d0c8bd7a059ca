// Where I am on the map: computed here, from my own votes and the public snapshot. Nothing personal is asked of the server.

// Votes are agree 1, disagree -1, pass 0. Returns null until enough of them are on the map.
export function positionOf(votes, snapshot) {
  let count = 0;
  let x = 0;
  let y = 0;
  for (const { id, mean, loading } of snapshot.statements) {
    if (!(id in votes)) continue;
    count += 1;
    x += (votes[id] - mean) * loading[0];
    y += (votes[id] - mean) * loading[1];
  }
  if (count < snapshot.min_votes) return null;
  const stretch = snapshot.scale / Math.sqrt(count);
  return [x * stretch, y * stretch];
}

// Null where the statements of the map are too few to give as many.
export function votesMissing(votes, snapshot) {
  const counted = snapshot.statements.filter(({ id }) => id in votes).length;
  const missing = snapshot.min_votes - counted;
  return missing > 0 && missing <= snapshot.statements.length - counted ? missing : null;
}

export function nearestGroup(point, groups) {
  const distance = ({ centre }) => Math.hypot(centre[0] - point[0], centre[1] - point[1]);
  return groups.reduce((best, group) => (!best || distance(group) < distance(best) ? group : best), null);
}

// On how many statements I gave the answer that most of the group gave, of those where both took a side.
export function agreementWith(letter, votes, snapshot) {
  let same = 0;
  let of = 0;
  for (const { id, groups } of snapshot.statements) {
    const theirs = groups[letter];
    if (!votes[id] || !theirs || theirs.agree === theirs.disagree) continue;
    of += 1;
    if (Math.sign(theirs.agree - theirs.disagree) === votes[id]) same += 1;
  }
  return { letter, same, of };
}
