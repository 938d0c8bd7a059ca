// The panel beside the map: what a group stands for, how each group voted on a statement.

export class Details {
  #panel;
  #body;
  #say;
  #texts;

  constructor(panel, say, texts) {
    [this.#panel, this.#say, this.#texts] = [panel, say, texts];
    this.#body = panel.querySelector("[data-body]");
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  close() {
    this.#panel.hidden = true;
  }

  read() {
    this.#panel.querySelector("[data-heading]").focus();
  }

  showGroup(group, snapshot, votes) {
    const said = group.representative.map(({ id, side, ...count }) => {
      const statement = snapshot.statements.find((other) => other.id === id);
      const words = this.#say(side === "agree" ? "agreed" : "disagreed", { n: count[side], total: count.votes });
      return element("li", {}, this.#speech(statement), this.#share(words, count), this.#myVote(votes[id]));
    });
    const size = this.#say("people_of", { n: group.size, total: snapshot.grouped });
    this.#open(
      [letterOf(group.letter), ` ${this.#say("group", { letter: group.letter })}`],
      element("p", { class: "small soft" }, size),
      element("p", { class: "eyebrow" }, this.#say("sets_apart")),
      element("ol", { class: "rows" }, ...said),
    );
  }

  showStatement(statement, snapshot, votes) {
    const votesCast = statement.agree + statement.disagree + statement.pass;
    const everyone = { agree: statement.agree, disagree: statement.disagree, votes: votesCast };
    const groups = snapshot.groups.map(({ letter }) =>
      element("li", {}, letterOf(letter), this.#groupShare(statement.groups[letter])),
    );
    const all = this.#say("everybody_agrees", { n: statement.agree, total: votesCast });
    this.#open(
      [this.#say("statement", { number: statement.number })],
      this.#speech(statement, false),
      this.#standing(statement, snapshot),
      this.#share(all, everyone),
      element("ul", { class: "shares" }, ...groups),
      this.#myVote(votes[statement.id]),
    );
  }

  #open(heading, ...content) {
    this.#panel.querySelector("[data-heading]").replaceChildren(...heading);
    this.#body.replaceChildren(...content.filter(Boolean));
    this.#body.scrollTop = 0;
    this.#panel.hidden = false;
  }

  #speech({ id, number }, withNumber = true) {
    const { text, language } = this.#texts(id, number);
    const said = element("p", { class: "speech", lang: language }, text);
    const by = withNumber ? element("footer", {}, this.#say("statement", { number })) : "";
    return element("blockquote", { class: "said" }, said, by);
  }

  #standing({ id }, { common_ground: common, divides }) {
    const name = common.includes(id) ? "common" : divides.includes(id) ? "divides" : null;
    return name && element("p", { class: `standing ${name}` }, this.#say(name));
  }

  #groupShare(count) {
    if (!count) return element("p", { class: "small soft" }, this.#say("too_few"));
    return this.#share(this.#say("agreed", { n: count.agree, total: count.votes }), count);
  }

  #share(words, { agree, disagree, votes }) {
    const percent = (n) => `${votes ? (100 * n) / votes : 0}%`;
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    bar.setAttribute("class", "bar");
    bar.ariaHidden = "true";
    for (const [name, x, width] of [["whole", 0, votes], ["agree", 0, agree], ["disagree", votes - disagree, disagree]]) {
      const rect = document.createElementNS(bar.namespaceURI, "rect");
      for (const [key, value] of [["class", name], ["x", percent(x)], ["width", percent(width)], ["height", "100%"]]) {
        rect.setAttribute(key, value);
      }
      bar.append(rect);
    }
    return element("div", { class: "share" }, element("span", {}, words), bar);
  }

  #myVote(vote) {
    if (vote === undefined) return null;
    const choice = { 1: "you_agree", "-1": "you_disagree", 0: "you_pass" }[vote];
    return element("p", { class: "my-vote small" }, this.#say(choice));
  }
}

const letterOf = (letter) => element("span", { class: "group-letter", "data-group": letter, "aria-hidden": "true" }, letter);

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}
