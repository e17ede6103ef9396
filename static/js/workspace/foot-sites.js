/* Spots on drawn soles fill in the fields of a test of feeling: a tap on a spot, then what was felt. */

class FootSites {
  constructor(part) {
    this.part = part;
    this.form = part.closest("form");
    this.sites = [...part.querySelectorAll("[data-site]")];
    this.buttons = [...part.querySelectorAll("[data-answer]")];
    this.feltFrom = Number(part.dataset.feltFrom);
    part.querySelector("[data-live]").hidden = false;
    const list = part.querySelector("[data-list]");
    list.open = Boolean(list.querySelector(".field-error"));
    this.sites.forEach((site) => site.addEventListener("click", () => this.choose(site)));
    this.buttons.forEach((button) => button.addEventListener("click", () => this.answer(button.dataset.answer)));
    part.addEventListener("input", () => this.show());
    part.addEventListener("change", () => this.show());
    this.choose(this.nextOpen() || this.sites[0]);
  }

  /* A number's value, or 'yes' and 'no'; '' where it was not tested. */
  valueOf(site) {
    const field = this.form.elements[site.dataset.site];
    return field ? field.value : "";
  }

  isFelt(value) {
    return value === "yes" || (value !== "no" && Number(value) >= this.feltFrom);
  }

  nextOpen() {
    const from = this.sites.indexOf(this.now) + 1;
    const around = [...this.sites.slice(from), ...this.sites.slice(0, from)];
    return around.find((site) => this.valueOf(site) === "");
  }

  choose(site) {
    this.now = site;
    this.show();
  }

  answer(value) {
    const fields = this.form.querySelectorAll(`[name="${this.now.dataset.site}"]`);
    fields.forEach((field) => {
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    });
    fields[0].dispatchEvent(new Event("change", { bubbles: true }));
    const next = value === "" ? null : this.nextOpen();
    if (next) this.choose(next);
  }

  show() {
    this.sites.forEach((site) => {
      const value = this.valueOf(site);
      site.classList.toggle("is-now", site === this.now);
      site.classList.toggle("is-felt", value !== "" && this.isFelt(value));
      site.classList.toggle("is-lost", value !== "" && !this.isFelt(value));
      site.querySelector("text").textContent = value;
    });
    const now = this.part.querySelector("[data-site-now]");
    if (now.textContent !== this.now.dataset.label) now.textContent = this.now.dataset.label;
    const value = this.valueOf(this.now);
    this.buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.answer === value)));
  }
}

document.querySelectorAll("[data-foot-sites]").forEach((part) => new FootSites(part));
