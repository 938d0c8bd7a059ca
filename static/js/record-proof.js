// What proofs of the record are made of, computed in the browser: hashes and trees (RFC 6962, RFC 9162), signed notes
// (c2sp.org/signed-note) and Ed25519.
const utf8 = new TextEncoder();
const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1), ED25519 = 1;

export const bytesOf = (text) => utf8.encode(text);
export const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
export const same = (one, other) => toHex(one) === toHex(other);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

export const leafHash = (leaf) => sha256(LEAF, bytesOf(leaf));

export async function commitment(salt, content) {
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, content)));
}

export async function isIncluded(hash, index, size, proof, root) {
  if (index < 0 || index >= size) return false;
  let place = index, last = size - 1, reached = hash;
  for (const step of proof) {
    if (last === 0) return false;
    if (place & 1 || place === last) {
      reached = await sha256(NODE, step, reached);
      while (!(place & 1) && place) [place, last] = [place >> 1, last >> 1];
    } else {
      reached = await sha256(NODE, reached, step);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 && same(reached, root);
}

// Whether the tree of `size` begins with the tree of `old` leaves (RFC 9162, section 2.1.4.2).
export async function continues(old, oldRoot, size, root, proof) {
  if (old === size) return proof.length === 0 && same(oldRoot, root);
  if (old <= 0 || old > size || !proof.length) return false;
  const isPower = (old & (old - 1)) === 0;
  const [first, ...steps] = isPower ? [oldRoot, ...proof] : proof;
  let place = old - 1, last = size - 1, before = first, after = first;
  while (place & 1) [place, last] = [place >> 1, last >> 1];
  for (const step of steps) {
    if (last === 0) return false;
    if (place & 1 || place === last) {
      before = await sha256(NODE, step, before);
      after = await sha256(NODE, step, after);
      while (!(place & 1) && place) [place, last] = [place >> 1, last >> 1];
    } else {
      after = await sha256(NODE, after, step);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 && same(before, oldRoot) && same(after, root);
}

export function parsedNote(note) {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split("\n").filter((line) => line.startsWith("— "));
  return { text, lines, said: text.split("\n") };
}

export function parsedCheckpoint(note) {
  const { text, lines, said } = parsedNote(note);
  const [origin, size, root] = said;
  return { text, lines, origin, size: Number(size), root: fromBase64(root) };
}

// True or false; undefined where this browser knows no Ed25519.
export async function isSigned({ text, lines }, verifierKey) {
  const [name, hash, ...rest] = verifierKey.split("+");
  const key = fromBase64(rest.join("+"));
  if (key[0] !== ED25519) return false;
  const signatures = lines.filter((line) => line.startsWith(`— ${name} `)).map((line) => fromBase64(line.split(" ").at(-1)));
  const signature = signatures.find((bytes) => toHex(bytes.slice(0, 4)) === hash);
  if (!signature) return false;
  try {
    const imported = await crypto.subtle.importKey("raw", key.slice(1), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, signature.slice(4), bytesOf(text));
  } catch (error) {
    if (error.name === "NotSupportedError" || error instanceof TypeError) return undefined;
    throw error;
  }
}
