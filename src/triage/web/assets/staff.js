// In a table with data-keys, J and K or the arrows go from line to line while the focus is in the table, Home and End to
// the first and the last. Elsewhere no key means anything but what it always does.
'use strict';
for (const table of document.querySelectorAll('table[data-keys]')) {
  table.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    const lines = [...table.querySelectorAll('tbody a.title')];
    const at = lines.findIndex((line) => line.closest('tr').contains(document.activeElement));
    const to = { j: at + 1, ArrowDown: at + 1, k: at - 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to === undefined || !lines[to]) return;
    event.preventDefault();
    lines[to].focus();
  });
}
