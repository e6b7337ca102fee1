"""A real browser behind the guard: a page that tries every way to reach a port that nobody allowed reaches nothing."""

import base64
import contextlib
import hashlib
import os
import socket
import time
from collections.abc import Iterator

import pytest
from loopback import Script, Server, server

from audit import machine
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><title>hostile</title>
<link rel="prefetch" href="http://127.0.0.1:{port}/prefetch">
<link rel="preload" as="script" href="http://127.0.0.1:{port}/preload">
<link rel="preconnect" href="http://127.0.0.1:{port}/"><link rel="dns-prefetch" href="//127.0.0.1:{port}/">
<link rel="stylesheet" href="http://127.0.0.1:{port}/style"><link rel="icon" href="http://localhost:{port}/icon">
<style>@font-face {{ font-family: x; src: url(http://127.0.0.1:{port}/font) }} p {{ font-family: x }}</style>
<script type="speculationrules">{{"prerender": [{{"urls": ["http://127.0.0.1:{port}/prerender"]}}]}}</script>
<p>text<img src="http://127.0.0.1:{port}/image"><img src="/redirect"><img src="http://[::1]:{port}/six">
<img src="http://0x7f.1:{port}/hex"><iframe src="http://127.0.0.1:{port}/frame"></iframe><iframe src="/redirect"></iframe>
<video src="http://127.0.0.1:{port}/video"></video><object data="http://127.0.0.1:{port}/object"></object>
<a ping="http://127.0.0.1:{port}/ping" href="#x">x</a>
<script>
const there = "127.0.0.1:{port}", done = [];
const ended = (name, promise) => done.push(promise.then(() => name + " ok", () => name + " failed"));
document.querySelector("a").click();
navigator.sendBeacon("http://" + there + "/beacon", "x");
ended("fetch", fetch("http://" + there + "/fetch", {{mode: "no-cors"}}));
ended("cors", fetch("http://" + there + "/cors"));
ended("post", fetch("http://" + there + "/post", {{method: "POST", body: "x", mode: "no-cors", keepalive: true}}));
ended("redirect", fetch("/redirect"));
const opens = thing => new Promise((yes, no) => {{ thing.onopen = yes; thing.onerror = no; }});
for (const url of ["ws://" + there, "ws://localhost:{port}/"]) ended("socket", opens(new WebSocket(url)));
ended("events", opens(new EventSource("http://" + there + "/events")));
ended("peer", (async () => {{
  const turn = {{urls: "turn:" + there + "?transport=tcp", username: "u", credential: "c"}};
  const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:" + there}}, turn]}});
  peer.createDataChannel("x"); await peer.setLocalDescription(await peer.createOffer());
  await new Promise(later => setTimeout(later, 500));
}})());
ended("own socket", opens(new WebSocket("ws://" + location.host + "/socket")));
Promise.all(done).then(all => document.title = all.join(", "));
</script>"""


def hostile_site(port: int) -> Script:
    """The page, a redirect to the forbidden port, and a WebSocket of the site's own, which must work."""

    def script(connection: socket.socket, head: bytes) -> object:
        path = head.split(b" ")[1]
        if path == b"/redirect":
            return connection.sendall(
                b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/redirected\r\nContent-Length: 0\r\n\r\n" % port
            )
        if path == b"/socket":
            return connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\n" + _accepted(head))
        body = PAGE.format(port=port).encode() if path == b"/" else b"x"
        return connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )

    return script


def _accepted(head: bytes) -> bytes:
    key = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:")).split(b": ")[1]
    digest = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    return b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n" % digest


@contextlib.contextmanager
def forbidden_place() -> Iterator[tuple[Server, socket.socket]]:
    """A server that nobody may reach, and on the same port one for datagrams."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"
    with (
        server(lambda connection, _: connection.sendall(answer)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", tcp.port))
        udp.settimeout(0)
        yield tcp, udp


def visit(browser_file: str, url: str, guard: Guard | None) -> list[str]:
    """Open the page and say how each of its attempts ended; None: without any guard."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_file,
            proxy={"server": f"http://{guard.address}", "bypass": "<-loopback>"} if guard else None,
            args=["--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"] if guard else [],
            chromium_sandbox=os.getuid() != 0,
        )
        page = browser.new_page()
        page.goto(url)
        page.wait_for_function("document.title !== 'hostile'", timeout=15_000)
        outcomes = page.title().split(", ")
        time.sleep(0.5)  # beacons and speculation come late
        browser.close()
    return outcomes


@pytest.fixture
def browser_file() -> str:
    found = machine.find_browser()
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found.path


def test_without_the_guard_the_page_reaches_the_forbidden_port(browser_file: str) -> None:
    with forbidden_place() as (tcp, udp), server(hostile_site(tcp.port)) as site:
        visit(browser_file, f"{site.url}/", None)
        asked = {head.split(b" ")[1].decode() for head in tcp.heads}
        assert asked >= {"/image", "/redirected", "/fetch", "/beacon", "/prefetch", "/frame", "/ping", "/hex", "/"}
        assert udp.recv(1000)


def test_behind_the_guard_a_page_reaches_nothing_that_was_not_allowed(browser_file: str) -> None:
    with forbidden_place() as (tcp, udp), server(hostile_site(tcp.port)) as site:
        with Guard(allowed=AllowList.parse([f"127.0.0.1:{site.port}"])) as guard:
            outcomes = visit(browser_file, f"{site.url}/", guard)
            refused = {refusal.host for refusal in guard.refused()}
            contacted = {contact.host for contact in guard.contacted()}
        assert tcp.connections == 0
        with pytest.raises(BlockingIOError):
            udp.recv(1000)
        assert contacted == {f"127.0.0.1:{site.port}"}
        assert refused >= {f"127.0.0.1:{tcp.port}", f"localhost:{tcp.port}", f"[::1]:{tcp.port}"}
        assert outcomes[-1] == "own socket ok"
        assert outcomes.count("socket failed") == 2
        assert {"cors failed", "redirect failed", "events failed"} <= set(outcomes)
        assert {head.split(b" ")[1] for head in site.heads} >= {b"/", b"/redirect", b"/socket"}
