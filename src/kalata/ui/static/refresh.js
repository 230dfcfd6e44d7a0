/* The supervision board looks again every fifteen seconds while nobody is reading a control; "freeze" removes this script. */
(() => {
  "use strict";
  setInterval(() => {
    const busy = document.activeElement && document.activeElement !== document.body && document.activeElement.matches("input, select, textarea, button");
    if (busy || document.hidden) return;
    const tls = location.protocol === "https:";
    document.cookie = `${tls ? "__Host-" : ""}kalata_alone=1; max-age=5; path=/; samesite=lax${tls ? "; secure" : ""}`; // nobody asked for this page: the session is not kept awake
    location.reload();
  }, 15000);
})();
