// At the wall itself one key blanks it, and the same key shows it again, whoever is signed in. What comes last holds:
// the key here, or the button in the cockpit.

const room = () => document.querySelector("[data-room]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.toLowerCase() !== "b") return;
  room().classList.toggle("blank");
});
