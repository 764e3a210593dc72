'use strict';
// Comforts only: without scripts everything on the page can be read and opened by hand.
(() => {
  const cases = [...document.querySelectorAll('details.case')];
  const byId = (id) => document.getElementById(id);

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

  // ---- What was said: lines that can be told apart, and the chart where the page has none.

  // Each who with the room that it takes, for what follows may begin with spaces.
  const kLine = new RegExp('^([\u2260 ]) +(?:(-?\\d+\\.\\d+) )?' +
    '(host {3}|data {3}|modem {2}|prompt |urc {4}|broker |bench {2}|wanted |echo)(.*)$', 's');

  const parse = (log) => log.split('\n').filter((line) => line !== '').map((line) => {
    const [, sign, time, who, text] = kLine.exec(line) || [];
    return line[0] === '#' || !who ? {who: 'exchange'}
      : {differs: sign === '\u2260', time: time || '', who: who.trim(), text};
  });

  const kHost = 52, kModem = 282, kBroker = 422, kMargin = 28, kRow = 26, kPause = 22;
  const clip = (text, most) => {
    const plain = [...text.replace(/^(\\r|\\n)+/, '').replace(/(\\r|\\n)+$/, '')];
    return plain.length <= most ? plain.join('') : plain.slice(0, most - 1).join('') + '\u2026';
  };
  const escape = (text) => text.replace(/[&<>"']/g,
    (c) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'})[c]);

  // As html_chart.cc.
  const draw = (lines) => {
    let body = '', y = 26, messages = 0, last = 0, before = null;
    const broker = lines.some((line) => line.who === 'broker');
    const text = (look, x, at, words) =>
      `<text class="${look}" x="${x}" y="${at}">${escape(words)}</text>`;
    const pause = (time) => {
      const now = Math.round(time * 1000);
      if (now - last >= 1000 && messages > 0) {
        const tenths = Math.floor((now - last) / 100);
        y += kPause;
        body += text('pause', (kHost + kModem) / 2, y + 4,
          `${Math.floor(tenths / 10)}.${tenths % 10} s later`);
      }
      last = now;
    };
    const arrow = (look, from, to, line, words, most) => {
      y += kRow;
      messages += 1;
      const all = look + (line.differs ? ' differs' : '');
      const back = to > from ? -7 : 7;
      if (line.time) body += text('time', kHost - 8, y + 4, line.time);
      body += `<path class="${all}" d="M${from} ${y}H${to}m${back} -4L${to} ${y}l${back} 4"/>` +
        text(all, (from + to) / 2, y - 5, clip(words, most));
    };
    const signed = ({who, text: words, differs}) => {
      const sign = {data: 'data: ', prompt: 'prompt ', wanted: '\u2717 not seen: '}[who] || '';
      return (differs && who !== 'wanted' ? '\u2260 ' : '') + sign +
        words.replace(/^(\\r|\\n)+/, '');
    };
    const message = (line) => {
      if (line.who === 'exchange') {
        if (messages > 0) y += 6;
      } else if (line.who === 'host' || line.who === 'data') {
        arrow(line.who, kHost, kModem, line, signed(line), 33);
      } else if (line.who === 'broker') {
        const back = line.text.startsWith('<- ');
        arrow('broker', back ? kBroker : kModem, back ? kModem : kBroker, line,
          back ? line.text.slice(3) : line.text, 19);
      } else if (line.who === 'bench') {
        y += kRow;
        messages += 1;
        if (line.time) body += text('time', kHost - 18, y + 1, line.time);
        body += `<rect class="bench" x="${kHost - 16}" y="${y - 13}" ` +
          `width="${kModem - kHost + 32}" height="20" rx="3"/>` +
          text('bench', (kHost + kModem) / 2, y + 1, 'bench: ' + clip(line.text, 28));
      } else if (line.who !== 'echo') {
        arrow(line.who, kModem, kHost, line, signed(line), 33);
      }
    };
    for (const line of lines) {
      if (line.time) pause(line.time);
      const inPlace = line.who === 'wanted' && before && before.differs && before.who !== 'wanted';
      if (!inPlace) message(line);
      before = line;
    }
    if (messages === 0) return '';
    const width = (broker ? kBroker : kModem) + kMargin, height = y + 12;
    const lane = (x, name) =>
      `<path class="life" d="M${x} 20V${height}"/>` + text('lane', x, 13, name);
    return `<svg class="chart" role="img" aria-label="Sequence of ${messages} messages; the bytes ` +
      `beside it say the same" viewBox="0 0 ${width} ${height}" width="${width}" ` +
      `height="${height}">` + lane(kHost, 'Host') + lane(kModem, 'Modem') +
      (broker ? lane(kBroker, 'Broker') : '') + body + '</svg>';
  };
  const dress = (one) => {
    const log = one.querySelector('pre.log:not(.dressed)');
    if (!log) return;
    log.classList.add('dressed');
    const lines = parse(log.textContent);
    if (!log.parentElement.querySelector('svg.chart')) {
      log.insertAdjacentHTML('beforebegin', draw(lines));
    }
    // Marks never go over the end of a line.
    const look = ({who, differs}) => who + (differs ? ' differs' : '');
    log.innerHTML = log.innerHTML.split('\n').filter((line) => line !== '')
      .map((line, i) => `<span class="${look(lines[i])}">${line}\n</span>`).join('');
  };
  // Only what comes into sight: there may be thousands of open ones.
  const sight = new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      dress(target);
    }
  }, {rootMargin: '400px'});
  const watch = (one) => {
    if (one.open) sight.observe(one);
  };
  for (const one of cases) {
    one.addEventListener('toggle', () => watch(one));
    watch(one);
  }

  // ---- The filter.

  const filter = byId('filter');
  if (!filter || cases.length === 0) return;
  const kFields = ['verdict', 'dialect', 'command', 'kind', 'clause', 'device'];
  const query = byId('filter-q'), count = byId('filter-count'), toggle = byId('open-all');
  const clear = byId('filter-clear');
  const fields = Object.fromEntries(kFields.map((name) => [name, byId(`filter-${name}`)]));
  const clauses = [...document.querySelectorAll('div.clause')];

  const rows = document.querySelectorAll('.matrix a[data-command]:not([data-kind])');
  const commands = new Map([...rows].map((a) => [a.dataset.command, a.closest('tr').querySelector('th').textContent]));
  const dialects = new Set([...document.querySelectorAll('.matrix a[data-dialect]')]
    .map((a) => a.dataset.dialect));
  const about = new Map(cases.map((one) => {
    const id = (one.querySelector('.id') || one.querySelector('.title')).textContent;
    return [one, {
      verdict: one.querySelector('.badge').lastChild.textContent.trim(),
      dialect: dialects.has(id.split('/')[0]) ? id.split('/')[0] : '',
      command: id.includes('/') ? id.split('/')[1] : id,
      kind: one.dataset.kind || 'transcript',
      clause: one.parentElement.dataset.clause,
      device: one.dataset.device || '',
      words: null,
    }];
  }));
  for (const name of kFields) {
    const values = [...new Set(cases.map((one) => about.get(one)[name]))].filter((v) => v !== '');
    if (name === 'command' || name === 'kind') values.sort();
    for (const value of values) {
      fields[name].append(new Option(name === 'command' && commands.get(value) || value, value));
    }
    fields[name].parentElement.hidden = values.length < 2;
  }

  const wordsOf = (one) => {
    const its = about.get(one);
    return its.words ??= one.textContent.toLowerCase();
  };
  const shown = () => cases.filter((one) => !one.classList.contains('off'));
  const label = () => {
    toggle.textContent = shown().every((one) => one.open) ? 'Close all' : 'Open all';
  };
  const apply = () => {
    const wanted = query.value.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const chosen = kFields.filter((name) => fields[name].value !== '');
    let left = 0;
    for (const one of cases) {
      const its = about.get(one);
      const fits = chosen.every((name) => its[name] === fields[name].value) &&
        wanted.every((word) => wordsOf(one).includes(word));
      one.classList.toggle('off', !fits);
      left += fits ? 1 : 0;
    }
    for (const clause of clauses) {
      clause.classList.toggle('off', !clause.querySelector('details.case:not(.off)'));
    }
    const all = wanted.length === 0 && chosen.length === 0;
    clear.disabled = all;
    count.textContent = all ? `${cases.length} cases`
      : left === 0 ? `None of ${cases.length} cases fits.` : `${left} of ${cases.length} cases`;
    label();
  };

  // The filter stands in the URL, so that a link to what it leaves can be passed on.
  const kState = '#filter?';
  const write = () => {
    const state = new URLSearchParams();
    if (query.value.trim() !== '') state.set('q', query.value.trim());
    for (const name of kFields) if (fields[name].value !== '') state.set(name, fields[name].value);
    const text = state.toString();
    history.replaceState(null, '', text === '' ? '#cases' : kState + text);
  };
  const read = () => {
    const state = new URLSearchParams(location.hash.slice(kState.length));
    query.value = state.get('q') || '';
    for (const name of kFields) {
      fields[name].value = state.get(name) || '';
      if (fields[name].selectedIndex < 0) fields[name].value = '';
    }
    apply();
    byId('cases').scrollIntoView();
  };
  const change = () => {
    apply();
    write();
  };
  const reset = () => {
    query.value = '';
    for (const name of kFields) fields[name].value = '';
    change();
  };
  let typed = 0;
  query.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(change, cases.length > 1000 ? 120 : 0);
  });
  for (const name of kFields) fields[name].addEventListener('change', change);
  clear.addEventListener('click', () => {
    reset();
    query.focus();
  });
  toggle.addEventListener('click', () => {
    const open = !shown().every((one) => one.open);
    for (const one of shown()) one.open = open;
    label();
  });
  addEventListener('keydown', (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
    } else if (event.key === 'Escape' && event.target === query) {
      reset();
    }
  });

  // A cell of the matrix is a filter, and stays a link for who opens it elsewhere.
  document.addEventListener('click', (event) => {
    const cell = event.target.closest('.matrix a[data-command]');
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    query.value = '';
    for (const name of kFields) fields[name].value = cell.dataset[name] || '';
    apply();
    history.pushState(null, '', '#cases');
    write();
    byId('cases').scrollIntoView();
    query.focus({preventScroll: true});
  });

  // A link must reach its case even when the filter hides it.
  const reveal = () => {
    if (location.hash.startsWith(kState)) return read();
    const target = byId(location.hash.slice(1));
    if (!target) return;
    const one = target.closest('details.case');
    if ((one || target).closest('.off')) {
      query.value = '';
      for (const name of kFields) fields[name].value = '';
      apply();
    }
    if (one) one.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);

  apply();
  filter.hidden = false;
  reveal();
})();
