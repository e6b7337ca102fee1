"""The ways on which a page can send its browser elsewhere; `{url}`, `{host}` and `{port}` stand for where nobody may go."""

MARKUP = {
    "image": '<img src="{url}">',
    "srcset": '<img srcset="{url} 1x, {url}2 2x">',
    "picture": '<picture><source srcset="{url}"><img></picture>',
    "style sheet": '<link rel="stylesheet" href="{url}">',
    "style import": "<style>@import url({url});</style>",
    "style background": '<div style="background:url({url}) red;width:9px;height:9px">x</div>',
    "font": "<style>@font-face {{ font-family: f; src: url({url}) }} p {{ font-family: f }}</style><p>text</p>",
    "script": '<script src="{url}"></script>',
    "module": '<script type="module" src="{url}"></script>',
    "modulepreload": '<link rel="modulepreload" href="{url}">',
    "preload": '<link rel="preload" as="image" href="{url}">',
    "prefetch": '<link rel="prefetch" href="{url}">',
    "preconnect": '<link rel="preconnect" href="https://{host}:{port}/">',
    "dns-prefetch": '<link rel="dns-prefetch" href="{url}">',
    "favicon": '<link rel="icon" href="{url}">',
    "manifest": '<link rel="manifest" href="{url}">',
    "frame": '<iframe src="{url}"></iframe>',
    "sandboxed frame": '<iframe sandbox="allow-scripts" src="{url}"></iframe>',
    "frame in a frame": "<iframe srcdoc=\"<iframe src='{url}'></iframe>\"></iframe>",
    "refresh in a frame": "<iframe srcdoc=\"<meta http-equiv=refresh content='0;url={url}'>\"></iframe>",
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "video": '<video src="{url}" preload="auto"></video>',
    "poster": '<video poster="{url}"></video>',
    "audio": '<audio src="{url}" preload="auto"></audio>',
    "drawing": '<svg><image href="{url}" width="9" height="9"/></svg>',
    "image button": '<input type="image" src="{url}" alt="go">',
    "body background": '<table background="{url}"><tr><td>x</td></tr></table>',
    "https": '<img src="https://{host}:{port}/">',
    "named localhost": '<img src="http://localhost:{port}/">',
    "IPv6": '<img src="http://[::1]:{port}/">',
    "IPv4 in IPv6": '<img src="http://[::ffff:127.0.0.1]:{port}/">',
    "hexadecimal": '<img src="http://0x7f.1:{port}/">',
    "fullwidth": '<img src="http://\uff11\uff12\uff17.0.0.1:{port}/">',
    "image led on by 301": '<img src="/to/301/{port}">',
    "image led on by 308": '<img src="/to/308/{port}">',
    "style led on": '<link rel="stylesheet" href="/to/302/{port}">',
    "frame led on by 303": '<iframe src="/to/303/{port}"></iframe>',
    "frame led on by 307": '<iframe src="/to/307/{port}"></iframe>',
    "frame with a refresh header": '<iframe src="/refresh/{port}"></iframe>',
    "frame with a base": "<iframe srcdoc=\"<base href='{url}'><img src='x'>\"></iframe>",
    "link header": '<iframe src="/link-header/{port}"></iframe>',
    "report of a policy": '<iframe src="/policy/{port}"></iframe>',
    "speculation": '<script type="speculationrules">{{"prefetch": [{{"urls": ["{url}"]}}]}}</script>',
}
SCRIPTS = {
    "fetch": "fetch('{url}', {{mode: 'no-cors'}})",
    "fetch with a body": "fetch('{url}', {{method: 'POST', body: 'x', mode: 'no-cors', keepalive: true}})",
    "fetch with a preflight": "fetch('{url}', {{headers: {{'X-Own': '1'}}}})",
    "fetch led on": "fetch('/to/307/{port}', {{mode: 'no-cors'}})",
    "request": "(r => {{ r.open('GET', '{url}'); r.send(); }})(new XMLHttpRequest())",
    "beacon": "navigator.sendBeacon('{url}', 'x')",
    "events": "new EventSource('{url}')",
    "socket": "new WebSocket('ws://{host}:{port}/')",
    "secure socket": "new WebSocket('wss://{host}:{port}/')",
    "socket to localhost": "new WebSocket('ws://localhost:{port}/')",
    "import": "import('{url}')",
    "written script": "document.write('<script src={url}><\\/script>')",
    "new image": "new Image().src = '{url}'",
    "worker": "new Worker('/worker.js?{port}')",
    "shared worker": "new SharedWorker('/worker.js?{port}')",
    "worker of a blob": 'new Worker(URL.createObjectURL(new Blob([\'fetch("{url}", {{mode: "no-cors"}})\'])))',
    "service worker": "navigator.serviceWorker.register('/worker.js?{port}')",
    "service worker by its prototype": (
        "ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, '/worker.js?{port}')"
    ),
    "form in a frame": (
        "document.body.insertAdjacentHTML('beforeend', '<iframe name=f{port}></iframe><form id=g{port} method=post "
        "action={url} target=f{port}></form>'), document.getElementById('g{port}').submit()"
    ),
    "pop-up": "window.open('{url}')",
    "link into a new tab": "Object.assign(document.createElement('a'), {{href: '{url}', target: '_blank'}}).click()",
    "ping": "Object.assign(document.createElement('a'), {{href: '#', ping: '{url}'}}).click()",
    "download": "Object.assign(document.createElement('a'), {{href: '{url}', download: 'x'}}).click()",
    "STUN": (
        "(p => {{ p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o)); }})"
        "(new RTCPeerConnection({{iceServers: [{{urls: 'stun:{host}:{port}'}}]}}))"
    ),
    "TURN over TCP": (
        "(p => {{ p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o)); }})(new RTCPeerConnection("
        "{{iceServers: [{{urls: 'turn:{host}:{port}?transport=tcp', username: 'u', credential: 'c'}}]}}))"
    ),
    "WebTransport": "new WebTransport('https://{host}:{port}/')",
}
# Each on a page of its own, because it leads away from the page.
NAVIGATIONS = {
    "refresh": '<meta http-equiv="refresh" content="0;url={url}">',
    "location": "<script>location = '{url}'</script>",
    "replaced location": "<script>location.replace('{url}')</script>",
    "form": "<form method=post action='{url}'></form><script>document.forms[0].submit()</script>",
    "clicked link": "<a href='{url}'>x</a><script>document.links[0].click()</script>",
    "navigation API": "<script>navigation.navigate('{url}')</script>",
}
REDIRECTS = (301, 302, 303, 307, 308)

# Held by the browser or by the capture itself, named or not, or sent too late to be waited for: no way to show that they
# would arrive.
HELD = frozenset(NAVIGATIONS) | {
    "dns-prefetch",  # there is no name to look up
    "preconnect",  # a browser without a window opens no connection ahead
    "favicon",  # and shows no icon
    "manifest",
    "service worker",
    "service worker by its prototype",
    "pop-up",  # closed at once, perhaps before it has asked
    "link into a new tab",
    "download",
    "STUN",  # datagrams leave in no case
    "TURN over TCP",
    "WebTransport",
    "report of a policy",  # sent later
    "speculation",
}

# What a crawl follows. Each stands on the start page, or in a sitemap where its name says so.
LINKS = {
    "link": '<a href="{url}">A page</a>',
    "link to a document": '<a href="{url}form.pdf">A form</a>',
    "area": '<map><area href="{url}" alt="A place"></map>',
    "translation": '<link rel="alternate" hreflang="nl" href="{url}">',
    "link by name": '<a href="http://localhost:{port}/">A page</a>',
    "link in another spelling": '<a href="http://0x7f.1:{port}/">A page</a>',
    "link over https": '<a href="https://{host}:{port}/">A page</a>',
    "link that is led on by 301": '<a href="/to/301/{port}">A page</a>',
    "link that is led on by 302": '<a href="/to/302/{port}">A page</a>',
    "link that is led on by 303": '<a href="/to/303/{port}">A page</a>',
    "link that is led on by 307": '<a href="/to/307/{port}">A page</a>',
    "link that is led on by 308": '<a href="/to/308/{port}">A page</a>',
    "document that is led on": '<a href="/to/302/{port}?form.pdf">A form</a>',
    "page with a refresh": '<a href="/meta/{port}">A page</a>',
    "page with a base": '<a href="/base/{port}">A page</a>',
    "page named canonical": '<a href="/canonical/{port}">A page</a>',
}
SITEMAPS = ("entry of a sitemap", "sitemap in an index", "sitemap that is led on", "sitemap named by robots.txt")
