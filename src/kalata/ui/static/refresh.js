/* The supervision board looks again every minute while nobody is reading a control; "freeze" removes this script. */
(() => {
  "use strict";
  setInterval(() => {
    const busy = document.activeElement && document.activeElement !== document.body && document.activeElement.matches("input, select, textarea, button");
    if (busy || document.hidden) return;
    document.cookie = "kalata_alone=1; max-age=20; path=/; samesite=lax"; // nobody asked for this page: the session is not kept awake
    location.reload();
  }, 60000);
})();
