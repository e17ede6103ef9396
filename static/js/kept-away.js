/* Whoever logs out leaves nothing of what they typed on this device. */
document.addEventListener("submit", () => {
  Object.keys(localStorage)
    .filter((name) => name.startsWith("footing.kept."))
    .forEach((name) => localStorage.removeItem(name));
});
