/* The supervision board looks again every minute while nobody is reading a control; "freeze" removes this script. */
(() => {
  "use strict";
  setInterval(() => {
    const busy = document.activeElement && document.activeElement !== document.body && document.activeElement.matches("input, select, textarea, button");
    if (!busy && !document.hidden) location.reload();
  }, 60000);
})();
