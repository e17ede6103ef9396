/* A button beside each password that shows what is typed. It is hidden again when the form goes. */
const words = document.querySelector("[data-password-words]").dataset;

function addButton(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small show-password";
  button.setAttribute("aria-controls", input.id);

  function set(isShown) {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? words.hide : words.show;
    button.setAttribute("aria-pressed", String(isShown));
  }
  button.addEventListener("click", () => {
    set(input.type === "password");
    input.focus();
  });
  // A browser offers to keep passwords only.
  input.form?.addEventListener("submit", () => set(false));
  input.after(button);
  set(false);
}

document.querySelectorAll("input[type=password]").forEach(addButton);
