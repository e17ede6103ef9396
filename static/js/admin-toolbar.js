/* The toolbar of Wagtail's text editor, with Cite in it, stands above the text from the start. Wagtail shows
   it over selected words only, until somebody pins it; whoever unpins it keeps it so. */
"use strict";
(() => {
  const CHOICE = "wagtail:draftail-toolbar";
  try {
    if (!localStorage.getItem(CHOICE)) localStorage.setItem(CHOICE, "sticky");
  } catch {
    /* Without storage Wagtail's own way stays; '/cite' works in both. */
  }
})();
