/* Lets the scripts of Wagtail's admin style what they draw: Draftail writes its placeholders and the
   indents of its lists into `<style>` elements, a new text for each editor.

   What a script makes carries the page's nonce; a `<style>` that came with markup, from the server or
   through innerHTML, carries none and stays without effect. */
"use strict";
(() => {
  const { nonce } = document.currentScript;
  const make = document.createElement;
  document.createElement = function createElement(...named) {
    const made = make.apply(this, named);
    if (made.localName === "style") made.nonce = nonce;
    return made;
  };
})();
