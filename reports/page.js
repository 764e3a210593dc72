'use strict';
// Comforts only: without scripts everything on the page can be read and opened by hand.
(() => {
  const cases = [...document.querySelectorAll('details.case')];

  // Paper cannot be clicked.
  let openedForPrint = [];
  addEventListener('beforeprint', () => {
    openedForPrint = [...document.querySelectorAll('details:not([open])')];
    for (const details of openedForPrint) details.open = true;
  });
  addEventListener('afterprint', () => {
    for (const details of openedForPrint) details.open = false;
    openedForPrint = [];
  });

  const filter = document.getElementById('filter');
  if (!filter || cases.length === 0) return;
  const text = document.getElementById('filter-text');
  const standing = document.getElementById('filter-standing');
  const count = document.getElementById('filter-count');
  const toggle = document.getElementById('open-all');

  for (const word of new Set(cases.map((one) => one.dataset.standing))) {
    standing.append(new Option(word, word));
  }

  const shown = () => cases.filter((one) => !one.hidden);
  const apply = () => {
    const wanted = text.value.trim().toLowerCase();
    for (const one of cases) {
      const fits = standing.value === '' || one.dataset.standing === standing.value;
      one.hidden = !fits || !one.firstElementChild.textContent.toLowerCase().includes(wanted);
    }
    for (const clause of document.querySelectorAll('div.clause')) {
      clause.hidden = !clause.querySelector('details.case:not([hidden])');
    }
    const all = wanted === '' && standing.value === '';
    count.textContent = all ? '' : `${shown().length} of ${cases.length}`;
    toggle.textContent = shown().every((one) => one.open) ? 'Close all' : 'Open all';
  };
  text.addEventListener('input', apply);
  standing.addEventListener('change', apply);
  toggle.addEventListener('click', () => {
    const open = !shown().every((one) => one.open);
    for (const one of shown()) one.open = open;
    apply();
  });

  // A link must reach its case even when the filter hides it.
  const reveal = () => {
    const body = document.getElementById(location.hash.slice(1));
    const one = body && body.closest('details.case');
    if (!one) return;
    if (one.hidden) {
      text.value = '';
      standing.value = '';
      apply();
    }
    one.open = true;
    body.scrollIntoView();
  };
  addEventListener('hashchange', reveal);

  apply();
  filter.hidden = false;
  reveal();
})();
