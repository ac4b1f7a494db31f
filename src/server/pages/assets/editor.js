// The mapping editor: the wire, the drag and the sentence on a function. Everything that matters is done by the buttons of the form.
(() => {
  'use strict';
  const form = () => document.getElementById('editor');
  const $ = (selector, within) => (within || form()).querySelector(selector);
  const all = (selector) => [...form().querySelectorAll(selector)];

  // One wire, for the field that is open: a web of all of them says nothing.
  const wire = () => {
    const place = form(), path = place && $('#wire');
    if (!path) return;
    path.setAttribute('d', '');
    all('.feeds').forEach((label) => label.classList.remove('feeds'));
    const open = all('.target[open]').reverse().find((target) => $('[data-source]', target)?.value);
    const from = open && $('[data-path="' + CSS.escape($('[data-source]', open).value) + '"]');
    if (!from) return;
    from.classList.add('feeds');
    const frame = place.getBoundingClientRect(), a = from.getBoundingClientRect(), b = $('summary', open).getBoundingClientRect();
    const list = $('.source').getBoundingClientRect();
    const y1 = Math.min(Math.max(a.top + a.height / 2, list.top), list.bottom) - frame.top, y2 = b.top + b.height / 2 - frame.top;
    const x1 = list.right - frame.left, x2 = b.left - frame.left, middle = (x1 + x2) / 2;
    if (x2 > x1) path.setAttribute('d', `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`);
  };

  // Dragging picks the field in the list and presses Connect, as a hand on the keyboard would.
  let held = null, over = null;
  const mark = (target) => {
    if (over !== target) { over?.classList.remove('drop'); target?.classList.add('drop'); over = target; }
  };
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest('.target');
  document.addEventListener('pointerdown', (event) => {
    held = event.button === 0 && form()?.contains(event.target) ? event.target.closest('.source label') : null;
  });
  document.addEventListener('pointermove', (event) => {
    if (!held) return;
    if (event.pointerType !== 'touch') event.preventDefault();
    mark(under(event));
  });
  document.addEventListener('pointerup', (event) => {
    const label = held, target = label && under(event);
    held = null;
    mark(null);
    if (!label || !target) return;
    $('input', label).checked = true;
    $('button[value^="connect:"]', target).click();
  });
  document.addEventListener('pointercancel', () => { held = null; mark(null); });
  document.addEventListener('dragstart', (event) => { if (held) event.preventDefault(); });

  // What a function does is said as one picks it.
  document.addEventListener('change', (event) => {
    const pick = event.target.closest?.('[data-functions]');
    if (pick) {
      const what = document.getElementById(pick.getAttribute('aria-describedby'));
      const words = document.querySelector('[data-function="' + CSS.escape(pick.value) + '"]');
      what.replaceChildren(...(words ? words.cloneNode(true).childNodes : []));
    }
    wire();
  });
  document.addEventListener('toggle', wire, true);
  document.addEventListener('scroll', (event) => { if (event.target.classList?.contains('source')) wire(); }, true);
  addEventListener('resize', wire);

  // The list on the left stays where it was, and the sentence on what was done is spoken.
  let scrolled = 0;
  document.addEventListener('htmx:beforeSwap', () => { scrolled = form() ? $('.source')?.scrollTop || 0 : 0; });
  document.addEventListener('htmx:afterSettle', () => {
    if (!form()) return;
    if ($('.source')) $('.source').scrollTop = scrolled;
    const said = $('[data-say]');
    if (said && window.udsyncSay) window.udsyncSay(said.dataset.say);
    wire();
  });
  const fed = form() && $('.feeds');
  if (fed) $('.source').scrollTop = fed.offsetTop - 120;
  wire();
})();
