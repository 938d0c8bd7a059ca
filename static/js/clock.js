// The server's time, whatever clock this device has: told with each snapshot, carried on by a counter that nobody sets.

const HEARD = 8;
const heard = [];

// A message is always late, never early: of the last few, the one that came fastest is nearest to the truth.
export function hearTime(at) {
  heard.push(at - performance.now());
  if (heard.length > HEARD) heard.shift();
}

export const serverNow = () => performance.now() + Math.max(...heard);

export const knowsTime = () => heard.length > 0;
