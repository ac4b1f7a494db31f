// What htmx and the server do not do: one stream that says *that* something changed, and care for whoever is in the middle of something.
(() => {
  'use strict';
  const $ = (selector) => document.querySelector(selector);
  const stream = document.body.dataset.stream;

  // Whole sentences for a screen reader, at most one in ten seconds; the newest waits its turn.
  let saidAt = 0, toSay = '', sayer = 0;
  window.udsyncSay = (words) => {
    const place = $('#say');
    if (!place) return;
    toSay = words;
    if (sayer) return;
    sayer = setTimeout(() => { place.textContent = toSay; saidAt = Date.now(); sayer = 0; }, Math.max(0, saidAt + 10000 - Date.now()));
  };

  // A part that holds the focus or something unfolded is not replaced until both are gone.
  const isInUse = (part) => part && (part.contains(document.activeElement) && part !== document.activeElement || part.querySelector('details[open]'));
  const later = new Set();
  const keep = (event) => {
    const part = event.detail.target;
    if (!part || !part.matches('[data-live]') || !isInUse(part)) return;
    event.detail.shouldSwap = false;
    later.add(part.id);
  };
  document.addEventListener('htmx:oobBeforeSwap', keep);
  // What was not done is always said, and what somebody has before them stays until something can stand in its place.
  const trouble = (words) => {
    const place = $('#trouble');
    if (!place) return;
    place.hidden = !words;
    if (!words) return;
    place.querySelector('p').textContent = words;
    place.scrollIntoView({ block: 'nearest' });
  };
  const said = (xhr) => {
    const page = new DOMParser().parseFromString(xhr.responseText || '', 'text/html');
    const words = [...page.querySelectorAll('#main .said:not([hidden]) p, #main [data-mistakes] p, main .none p')].map((one) => one.textContent.trim()).filter(Boolean);
    return words.slice(0, 2).join(' ') || `udsync answered ${xhr.status}, and did nothing.`;
  };
  const fits = (event) => {
    const wanted = event.detail.requestConfig.elt?.getAttribute('hx-select');
    return !wanted || new DOMParser().parseFromString(event.detail.xhr.responseText || '', 'text/html').querySelector(wanted);
  };
  document.addEventListener('htmx:sendError', () => trouble('udsync cannot be reached. It may have been restarted; try again in a moment.'));
  document.addEventListener('htmx:timeout', () => trouble('udsync did not answer in time. Try again in a moment.'));
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr, requestConfig } = event.detail, isForm = requestConfig.verb !== 'get';
    // A refusal is a page like any other, with its words at their places; where the page has no such place, they are said above.
    if (xhr.status >= 400 && isForm) { event.detail.isError = false; event.detail.shouldSwap = [409, 422].includes(xhr.status); }
    if (isForm) trouble('');
    if (isForm && (xhr.status >= 400 && !event.detail.shouldSwap || !fits(event))) { event.detail.shouldSwap = false; trouble(said(xhr)); }
    // Whatever made a part ask for itself: the stream, or a clock.
    if (!isForm) keep(event);
  });
  const catchUp = () => setTimeout(() => {
    for (const id of later) {
      const part = document.getElementById(id);
      if (part && isInUse(part)) continue;
      later.delete(id);
      tell('again');
    }
  }, 50);
  document.addEventListener('focusout', catchUp);
  document.addEventListener('toggle', catchUp, true);

  // A run comes to its next step while somebody waits: the heading says so, aloud and to the keyboard.
  let step = document.getElementById('stage')?.dataset.state;
  document.addEventListener('htmx:afterSettle', (event) => {
    const stage = event.target.id === 'stage' ? event.target : null, heading = stage && stage.querySelector('h1');
    if (!heading || stage.dataset.state === step) return;
    step = stage.dataset.state;
    window.udsyncSay(heading.textContent);
    if (document.activeElement !== document.body) return;
    heading.setAttribute('tabindex', '-1');
    heading.focus({ preventScroll: true });
  });

  // After a form, the focus goes to what came instead of it.
  document.addEventListener('htmx:afterSettle', (event) => {
    const config = event.detail.requestConfig;
    if (!config || config.verb === 'get' || event.detail.elt.closest('[data-keeps-focus]')) return;
    const heading = event.detail.elt.querySelector('[role="alert"] h2, h1, h2') || event.detail.elt;
    heading.setAttribute('tabindex', '-1');
    heading.focus();
  });

  // What takes a while says so while it does.
  document.addEventListener('submit', (event) => { const note = event.target.querySelector('[data-while]'); if (note) { note.hidden = false; window.udsyncSay(note.textContent); } });
  addEventListener('pageshow', () => document.querySelectorAll('[data-while]').forEach((note) => { note.hidden = true; }));

  // A page that was sent with a mistake begins there.
  const mistakes = $('[data-mistakes]');
  if (mistakes) mistakes.focus();

  if (!stream || !window.EventSource) return;
  let source = null, lostAt = 0, told = new Map(), last = '', heard = document.body.dataset.heard;
  // At most one word of a kind in a second, and never the last one lost.
  const tell = (kind) => {
    if (told.has(kind)) { told.get(kind).again = true; return; }
    const entry = { again: false };
    told.set(kind, entry);
    document.body.dispatchEvent(new CustomEvent('live:' + kind));
    setTimeout(() => { told.delete(kind); if (entry.again) tell(kind); }, 1000);
  };
  const isLost = () => {
    const place = $('#lost');
    if (!place || !lostAt) return;
    place.hidden = Date.now() - lostAt < 10000;
  };
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(stream);
    source.onopen = () => {
      const wasLost = lostAt;
      lostAt = 0;
      const place = $('#lost');
      if (place) place.hidden = true;
      // Something may have happened meanwhile.
      if (wasLost) tell('again');
    };
    source.onerror = () => {
      lostAt = lostAt || Date.now();
      setTimeout(isLost, 10100);
      if (source && source.readyState === EventSource.CLOSED) { source = null; setTimeout(open, 3000); }
    };
    source.addEventListener('gap', () => tell('again'));
    // Something happened between what this page shows and the first that it hears.
    source.addEventListener('now', (event) => { if (event.lastEventId !== heard) tell('again'); heard = event.lastEventId; });
    for (const kind of ['run', 'queue', 'problem', 'incident']) {
      source.addEventListener(kind, (event) => {
        heard = event.lastEventId;
        const data = JSON.parse(event.data).data || {};
        if (kind === 'run' && data.status && data.status !== last) {
          last = data.status;
          const words = { running: 'A run has begun.', succeeded: 'The run has ended.', partial: 'The run has ended; something waits for you.', failed: 'The run has failed.', interrupted: 'The run was interrupted.', refused: 'The run was refused.' };
          if (words[data.status]) window.udsyncSay(words[data.status]);
        }
        tell(kind);
      });
    }
  };
  let hiddenOnce = false;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) { if (source) source.close(); source = null; hiddenOnce = true; return; }
    if (hiddenOnce) tell('again');
    open();
  });
  addEventListener('pagehide', () => { if (source) source.close(); source = null; });
  addEventListener('pageshow', open);
  open();
})();
