// The mapping editor: the wire, the drag, the sentence on a function. All else is done by the buttons of the form.
(() => {
  'use strict';
  const form = () => document.getElementById('editor');
  const $ = (wanted, within = form()) => within?.querySelector(wanted);
  const all = (wanted) => [...(form()?.querySelectorAll(wanted) || [])];

  // One wire, for the field that is open: a web of all of them says nothing.
  const wire = () => {
    const path = $('#wire');
    if (!path) return;
    path.setAttribute('d', '');
    all('.feeds').forEach((label) => label.classList.remove('feeds'));
    const open = all('.target[open]').findLast((target) => $('[data-source]', target)?.value);
    const from = open && $(`[data-path="${CSS.escape($('[data-source]', open).value)}"]`);
    if (!from) return;
    from.classList.add('feeds');
    const [frame, a, b, list] = [form(), from, $('summary', open), $('.source')].map((one) => one.getBoundingClientRect());
    const y1 = Math.min(Math.max(a.top + a.height / 2, list.top), list.bottom) - frame.top, y2 = b.top + b.height / 2 - frame.top;
    const x1 = list.right - frame.left, x2 = b.left - frame.left, x = (x1 + x2) / 2;
    if (x2 > x1) path.setAttribute('d', `M${x1} ${y1}C${x} ${y1} ${x} ${y2} ${x2} ${y2}`);
  };

  // Dragging picks the field in the list and presses Connect.
  let held = null, over = null;
  const mark = (target) => { over?.classList.remove('drop'); over = target; over?.classList.add('drop'); };
  const under = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest('.target');
  const on = (kind, does, early) => document.addEventListener(kind, does, early);
  on('pointerdown', (event) => { held = event.button ? null : event.target.closest('.source label'); });
  on('pointermove', (event) => { if (held) mark(under(event)); });
  on('pointercancel', () => { held = null; mark(null); });
  on('pointerup', (event) => {
    const label = held, target = label && under(event);
    held = null;
    mark(null);
    if (!target) return;
    $('input', label).checked = true;
    $('button[value^="connect:"]', target).click();
  });
  on('dragstart', (event) => { if (held) event.preventDefault(); });

  // What a function does is said as one picks it.
  on('change', (event) => {
    const words = event.target.matches('[data-functions]') && $(`[data-function="${CSS.escape(event.target.value)}"]`);
    if (words) document.getElementById(event.target.getAttribute('aria-describedby')).replaceChildren(...words.cloneNode(true).childNodes);
    wire();
  });
  on('toggle', wire, true);
  on('scroll', (event) => { if (event.target.matches?.('.source')) wire(); }, true);
  addEventListener('resize', wire);

  // A draft outlives a reload, and a session that ended meanwhile: it is kept in this tab, without the record, and offered.
  const kept = `draft ${location.pathname}`, skips = ['form', 'key', 'raw', 'own', 'record', 'op', 'source'];
  const fields = () => [...new FormData(form())].filter(([name]) => !skips.includes(name) && !/\.(add|args)$/.test(name));
  const first = form() && JSON.stringify(fields());
  const keep = () => { const now = JSON.stringify(fields()); if (now !== first) sessionStorage.setItem(kept, now); };
  const offered = sessionStorage.getItem(kept);
  if (!form() || $('[data-saved]') || offered === first) sessionStorage.removeItem(kept);
  else if (offered) document.getElementById('draft').hidden = false;
  on('input', (event) => { if (form()?.contains(event.target)) keep(); });
  on('click', (event) => {
    const what = event.target.dataset?.draft, place = document.getElementById('draft');
    if (!what) return;
    place.hidden = true;
    if (what === 'away') { sessionStorage.removeItem(kept); return; }
    // Which controls a field has is the server's business: it is sent the draft, with what that was made of, and answers with them.
    const values = {};
    for (const [name, value] of [...JSON.parse(sessionStorage.getItem(kept) || '[]'), ...[...new FormData(form())].filter(([name]) => ['form', 'key', 'raw'].includes(name)), ['op', 'try']]) (values[name] ||= []).push(value);
    window.htmx.ajax('POST', location.pathname, { source: form(), values, target: '#editor', select: '#editor', swap: 'outerHTML' });
  });

  // What was open stays open, and the list stays where it was.
  let open = [], top = 0;
  on('htmx:beforeSwap', () => { open = all('.target[open]').map((target) => target.id); top = $('.source')?.scrollTop; });
  on('htmx:afterSettle', () => {
    if (!form()) return;
    open.forEach((id) => { const target = document.getElementById(id); if (target) target.open = true; });
    if (top) $('.source').scrollTop = top;
    if ($('[data-saved]')) sessionStorage.removeItem(kept); else keep();
    const said = $('[data-say]');
    if (said) window.udsyncSay(said.dataset.say);
    wire();
  });
  wire();
})();
