// Moving an argument to another sentence of its side with the mouse. The form beside it does the same without.

const targets = [...document.querySelectorAll("[data-drop]")];
let dragged = null;

const keyOf = (target) => target.dataset.drop;
const formOf = (source) => source.querySelector("form[data-move]");
const takes = (target) =>
  dragged && target.dataset.side === dragged.dataset.side &&
  [...formOf(dragged).elements.joins.options].some(({ value }) => value === keyOf(target));

function begin(source, event) {
  dragged = source;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", source.dataset.argument);
  source.classList.add("dragged");
  for (const target of targets) target.classList.toggle("may-drop", Boolean(takes(target)));
}

function end() {
  dragged?.classList.remove("dragged");
  dragged = null;
  for (const target of targets) target.classList.remove("may-drop", "would-drop");
}

function drop(target) {
  const form = formOf(dragged);
  form.elements.joins.value = keyOf(target);
  form.requestSubmit();
}

for (const source of document.querySelectorAll("[data-movable]")) {
  if (!formOf(source)) continue;
  source.draggable = true;
  source.addEventListener("dragstart", (event) => begin(source, event));
  source.addEventListener("dragend", end);
}
for (const target of targets) {
  target.addEventListener("dragover", (event) => {
    if (!takes(target)) return;
    event.preventDefault();
    target.classList.add("would-drop");
  });
  target.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!target.contains(relatedTarget)) target.classList.remove("would-drop");
  });
  target.addEventListener("drop", (event) => {
    if (!takes(target)) return;
    event.preventDefault();
    drop(target);
    end();
  });
}
