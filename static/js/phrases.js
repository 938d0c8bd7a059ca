// Sentences that scripts say are written in the page's templates, in the reader's language:
// <template data-phrases><p data-say="hello">Hello {name}</p></template>

const numbers = new Intl.NumberFormat(document.documentElement.lang);

export function phrasesIn(root) {
  const sentences = new Map();
  for (const { content } of root.querySelectorAll("template[data-phrases]")) {
    for (const node of content.querySelectorAll("[data-say]")) sentences.set(node.dataset.say, node.textContent.trim());
  }
  return (name, values = {}) => {
    const sentence = sentences.get(values.n === 1 && sentences.has(`${name}.one`) ? `${name}.one` : name) ?? "";
    return sentence.replace(/\{(\w+)\}/g, (_, slot) =>
      typeof values[slot] === "number" ? numbers.format(values[slot]) : (values[slot] ?? ""),
    );
  };
}
