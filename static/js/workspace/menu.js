/* On a phone the rail is one line, and the rest of it a menu. */
const button = document.querySelector("[data-menu]");
const rail = button.closest(".rail");

function set(isOpen) {
  rail.classList.toggle("rail--open", isOpen);
  button.setAttribute("aria-expanded", String(isOpen));
}
button.addEventListener("click", () => set(!rail.classList.contains("rail--open")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !rail.classList.contains("rail--open")) return;
  set(false);
  button.focus();
});
