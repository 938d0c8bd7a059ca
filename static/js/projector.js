// At the wall itself one key blanks it, and the same key shows it again, whoever is signed in.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.toLowerCase() !== "b") return;
  document.body.classList.toggle("blank-here");
});
