// Leads on from an address that a page has left; the fragment goes along.
(() => {
  "use strict";
  const { to, fragments } = document.currentScript.dataset;
  const fragment = location.hash.slice(1);
  const moved = fragments ? JSON.parse(fragments)[decodeURIComponent(fragment)] : undefined;
  location.replace(moved ?? (to.includes("#") ? to : to + location.hash));
})();
