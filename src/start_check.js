// Says in words what keeps this browser from running the desk. It runs before anything else and is
// written so that a browser of ten years ago can read it.
(function () {
  'use strict';
  var missing = [];
  function need(name, is_there) {
    var found = false;
    try {
      found = Boolean(is_there());
    } catch (error) {
      found = false;
    }
    if (!found) missing.push(name);
  }
  need('WebAssembly', function () { return typeof WebAssembly === 'object' && WebAssembly.instantiate; });
  need('module scripts', function () { return 'noModule' in HTMLScriptElement.prototype; });
  need('dialogs', function () { return HTMLDialogElement.prototype.showModal; });
  need('time limits for requests', function () { return AbortSignal.timeout(60000); });
  need('size observers', function () { return ResizeObserver; });
  need('numbers in parts', function () { return Intl.NumberFormat.prototype.formatToParts; });
  need('times in zones', function () { return Intl.DateTimeFormat.prototype.formatToParts; });
  need('custom properties', function () { return CSS.supports('width', 'var(--w0)'); });

  // Over http passwords would go in the clear, and the browser gives no page there what keeps work safe.
  var is_safe = window.isSecureContext !== false;

  // What the desk is connected to is asked for at once, and what a cache keeps of it does not count.
  if (missing.length === 0 && is_safe) {
    window.askedConnections = fetch('/connections.json', { cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(30000) });
    // The desk says that it failed.
    window.askedConnections.catch(function () {});
  }

  function tell(title, text) {
    var boot = document.getElementById('boot');
    if (!boot) return;
    boot.setAttribute('role', 'alert');
    boot.textContent = '';
    var head = document.createElement('strong');
    head.textContent = title;
    boot.appendChild(head);
    var body = document.createElement('span');
    body.textContent = ' ' + text + ' ';
    boot.appendChild(body);
  }
  var newer = 'Chrome or Edge 103, Firefox 100 or Safari 16, or a newer one, runs it.';
  if (missing.length === 0 && !is_safe) {
    missing.push('https');
    document.documentElement.setAttribute('data-lacks', 'https');
    tell('Open Usage Desk by https.', 'Over http a password could be read on its way, and the browser keeps back what protects unsaved work. Whoever looks after the web server can set it up for https.');
  } else if (missing.length > 0) {
    // The desk does not start then: it could not keep what it promises.
    document.documentElement.setAttribute('data-lacks', missing.join(', '));
    tell('This browser is too old for Usage Desk.', 'It lacks ' + missing.join(', ') + '. ' + newer);
  }
  // Whatever else keeps the desk from starting is not left as "Loading" for ever.
  function failed() {
    if (missing.length > 0) return;
    tell('Usage Desk could not be started.', 'The connection failed, or the server does not give all of it now. If a reload does not help, try another browser: ' + newer);
    var boot = document.getElementById('boot');
    if (!boot) return;
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.setAttribute('data-kind', 'primary');
    button.textContent = 'Reload';
    button.addEventListener('click', reload);
    boot.appendChild(button);
  }
  // What the browser keeps of the page's files may be what is wrong: they are fetched anew first.
  function reload() {
    var files = document.querySelectorAll('link[href], script[src]');
    var fetched = [];
    for (var i = 0; i < files.length; i += 1) fetched.push(fetch(files[i].href || files[i].src, { cache: 'reload' }));
    function again() { location.reload(); }
    Promise.all(fetched).then(again, again);
  }
  window.addEventListener('error', function (event) {
    // A script that cannot be had tells its own element alone; it is heard on the way there.
    if (event.target === window || event.target.tagName === 'SCRIPT') failed();
  }, true);
  window.addEventListener('unhandledrejection', failed);
  // A page that slept while another one was looked at may show what its reader has signed out of meanwhile: nothing of it is
  // seen until it is loaded anew. What is half typed stays in sight, for there the browser asks first.
  window.addEventListener('pageshow', function (event) {
    if (!event.persisted) return;
    document.documentElement.hidden = !document.querySelector('[data-half-typed]');
    location.reload();
  });
})();
