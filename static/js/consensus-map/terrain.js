// Draws a picture into an SVG element, keeping the nodes it has so that focus and transitions survive.
import { pathOf } from "./rings.js";
import { moveApart } from "./room.js";

const SVG = "http://www.w3.org/2000/svg";
const WATERLINES = 3;
const CROWD = 120; // from so many places on the small dots stay where they are: there is no room to move to

export function make(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

export class Terrain {
  #svg;
  #say;
  #wordsOf;
  #layers = {};
  #moves = new Map();
  #heard = new Map();
  #room = null;

  constructor(svg, say, wordsOf) {
    [this.#svg, this.#say, this.#wordsOf] = [svg, say, wordsOf];
    for (const name of ["sea", "land", "groups", "places", "names", "you"]) {
      this.#layers[name] = make("g", { class: name });
      svg.append(this.#layers[name]);
    }
    for (let i = WATERLINES; i > 0; i -= 1) {
      this.#layers.sea.append(make("path", { class: `waterline w${i}` }), make("path", { class: `water w${i}` }));
    }
    this.#layers.land.append(make("path", { class: "coast", "fill-rule": "evenodd" }));
  }

  // `settled` is the picture that this one is on its way to: everything takes its final room at once.
  draw(picture, view, unit, settled = null) {
    const [width, height] = view.size;
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const land = pathOf(picture.land, view.toScreen);
    for (const path of this.#svg.querySelectorAll(".sea path, .coast")) path.setAttribute("d", land);
    if (settled) this.#keepRoom(settled, view, unit);
    this.#drawGroups(picture.groups, view);
    this.#drawPlaces(picture.places, view, unit);
    this.#drawNames(picture.groups, view, unit);
    this.#drawYou(picture.you, view, unit);
  }

  #drawGroups(groups, view) {
    const create = ({ letter }) => make("g", { class: "group", "data-group": letter });
    keyed(this.#layers.groups, groups, ({ letter }) => letter, create, (node, group) => {
      while (node.childElementCount < group.contours.length + 1) {
        node.append(make("path", { "fill-rule": "evenodd", class: `level level-${node.childElementCount}` }));
      }
      const paths = group.contours.map((rings) => pathOf(rings, view.toScreen));
      [...node.children].forEach((path, i) => path.setAttribute("d", i ? (paths[i - 1] ?? "") : (paths[0] ?? "")));
      node.firstChild.setAttribute("class", "pattern");
      node.firstChild.setAttribute("fill", `url(#pattern-${group.letter})`);
    });
  }

  #drawPlaces(places, view, unit) {
    const order = { plain: 0, divides: 1, common: 2 };
    const sorted = [...places].sort((a, b) => order[a.kind] - order[b.kind]);
    const margin = view.zoom > 1 ? null : 18 * unit;
    const create = ({ id }) => make("g", { "data-key": id, role: "button", tabindex: -1 });
    keyed(this.#layers.places, sorted, ({ id }) => id, create, (node, place) => {
      if (node.dataset.kind !== place.kind) {
        node.replaceChildren(...shapesFor(place));
        node.dataset.kind = place.kind;
        node.setAttribute("class", `place ${place.kind}`);
      }
      write(node, "aria-label", this.#heard.get(place.id));
      node.setAttribute("transform", `translate(${fixed(this.#seat(place.id, place.at, view, margin))})`);
      write(node.firstChild, "transform", `scale(${radiusOf(place, unit).toFixed(2)})`);
    });
  }

  #drawNames(groups, view, unit) {
    const create = ({ letter }) => {
      const node = make("g", { class: "name", "data-group": letter, "data-key": `group-${letter}`, role: "button", tabindex: -1 });
      node.append(make("circle", { class: "halo", r: 22 * unit }), make("text", { class: "letter" }), make("text", { class: "size" }));
      return node;
    };
    keyed(this.#layers.names, groups, ({ letter }) => letter, create, (node, { letter, size, centre }) => {
      const people = this.#say("people", { n: size });
      node.setAttribute("transform", `translate(${fixed(this.#seat(letter, centre, view, 36 * unit))})`);
      node.setAttribute("aria-label", `${this.#say("group", { letter })}, ${people}`);
      node.querySelector(".letter").textContent = letter;
      const caption = node.querySelector(".size");
      caption.textContent = people;
      caption.setAttribute("y", (27 * unit).toFixed(1));
    });
  }

  // Never leaves the view: at its edge it points to where you are.
  #drawYou(at, view, unit) {
    if (!at) return this.#layers.you.replaceChildren();
    if (!this.#layers.you.firstChild) {
      this.#layers.you.append(
        make("path", { class: "pin", d: "M0 0C-3-7-9-10-9-17a9 9 0 0 1 18 0C9-10 3-7 0 0z" }),
        make("circle", { class: "eye", cy: -17, r: 3.2 }),
        make("path", { class: "arrow", d: "M0-10 8 7 0 3-8 7z" }),
        make("text", {}, this.#say("you")),
      );
    }
    const exact = view.toScreen(at);
    const shown = inside(exact, view.size, 18 * unit, 44 * unit);
    const away = Math.hypot(exact[0] - shown[0], exact[1] - shown[1]) > 26 * unit;
    const angle = (Math.atan2(exact[1] - shown[1], exact[0] - shown[0]) * 180) / Math.PI + 90;
    this.#layers.you.classList.toggle("away", away);
    this.#layers.you.setAttribute("transform", `translate(${fixed(shown)}) scale(${unit.toFixed(3)})`);
    this.#layers.you.querySelector(".arrow").setAttribute("transform", `rotate(${angle.toFixed(0)})`);
    return this.#layers.you.querySelector("text").setAttribute("y", away ? 26 : -32);
  }

  #seat(key, at, view, margin) {
    const [x, y] = view.toScreen(at);
    const [dx, dy] = this.#moves.get(key) ?? [0, 0];
    return margin === null ? [x + dx, y + dy] : inside([x + dx, y + dy], view.size, margin);
  }

  // Who needs how much room changes with the picture, the screen and how near one is, never with moving about.
  #keepRoom(settled, view, unit) {
    const needs = { settled, unit, zoom: view.zoom, size: String(view.size) };
    if (this.#room && Object.keys(needs).every((each) => this.#room[each] === needs[each])) return;
    if (this.#room?.settled !== settled) this.#heard = new Map(settled.places.map((place) => [place.id, this.#tell(place)]));
    this.#room = needs;
    this.#makeRoom(settled, view, unit);
  }

  // What a screen reader says of it: its words first of all, as everybody who sees can read them.
  #tell({ id, number, kind }) {
    const standing = kind === "plain" ? "" : ` ${this.#say(kind)}`;
    return `${this.#say("statement", { number: String(number) })}: ${this.#wordsOf(id, number).text}${standing}`;
  }

  // Letters first, then the numbered places around them, then the small dots: what comes first is not pushed by the rest.
  #makeRoom({ groups, places, you }, view, unit) {
    const captions = Number(getComputedStyle(this.#svg).getPropertyValue("--captions")); // they stand below the letters
    const letterAt = (centre) => above(view.toScreen(centre), captions ? -8 * unit : 0);
    const letters = groups.map(({ letter, centre }) => ({ key: letter, at: letterAt(centre), reach: (captions ? 37 : 22) * unit, stays: true }));
    const discOf = (place) => ({ key: place.id, at: view.toScreen(place.at), reach: roomOf(place, unit) });
    const named = places.filter(({ kind }) => kind !== "plain").map(discOf);
    const plain = places.length > CROWD ? [] : places.filter(({ kind }) => kind === "plain").map(discOf);
    const seated = you ? [{ key: null, at: above(view.toScreen(you), 20 * unit), reach: 21 * unit, fixed: true }] : [];
    this.#moves = new Map();
    for (const discs of [letters, named, plain]) {
      const moves = moveApart([...seated, ...discs]);
      for (const { key, at, reach } of discs) {
        this.#moves.set(key, moves.get(key));
        seated.push({ key, at: at.map((c, i) => c + moves.get(key)[i]), reach, fixed: true });
      }
    }
  }
}

// Drawn at radius 1 and scaled; strokes and numbers keep their size.
function shapesFor({ kind, number }) {
  const halo = make("circle", { class: "halo", r: kind === "plain" ? 1.9 : 1.5 });
  if (kind === "plain") return [make("g", {}, halo, make("circle", { class: "dot", r: 1 }))];
  const shape = kind === "common" ? make("circle", { class: "ring", r: 1 }) : make("path", { class: "lozenge", d: "M0-1.3 1.3 0 0 1.3-1.3 0z" });
  return [make("g", {}, halo, shape), make("text", { class: number > 99 ? "long" : "" }, String(number))];
}

// What is there already is not written again: that alone would have the browser lay it out anew.
function write(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

const radiusOf = ({ kind, weight }, unit) => unit * (kind === "plain" ? 1.5 + 3 * weight : 13);
// The small dots may overlap a little: they are many, and none of them is named.
const roomOf = (place, unit) => (place.kind === "plain" ? 0.75 * radiusOf(place, unit) + unit : 1.15 * radiusOf(place, unit) + unit);
const above = ([x, y], by) => [x, y - by];
const fixed = (point) => point.map((c) => c.toFixed(1)).join(" ");
const inside = ([x, y], [width, height], margin, top = margin) => [
  Math.min(width - margin, Math.max(margin, x)),
  Math.min(height - margin, Math.max(top, y)),
];

function keyed(layer, items, keyOf, create, update) {
  const old = new Map([...layer.children].map((node) => [node.dataset.item, node]));
  let before = layer.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    let node = old.get(key);
    old.delete(key);
    if (!node) {
      node = create(item);
      node.dataset.item = key;
    }
    if (node === before) before = before.nextSibling;
    else if (!node.contains(document.activeElement)) layer.insertBefore(node, before);
    update(node, item);
  }
  for (const node of old.values()) node.remove();
}
