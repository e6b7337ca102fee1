"""What every Chromium is told: to go nowhere but through the guard, to make no noise, and to leave memory for others."""

SWITCHES = (
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-pings",
    "--mute-audio",
    "--js-flags=--max-old-space-size=1024",
)
"""The words for any start. Chromium would go around a proxy for QUIC and WebRTC; a page's scripts would fill 4 GB, not 1."""


def proxy_switches(proxy: str) -> tuple[str, ...]:
    """The words for a guard at `host:port`; none without one.

    Chromium would go around it for loopback too, and it has no name to look up itself: none that it tries gets out.
    """
    if not proxy:
        return ()
    no_names = f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {proxy.rpartition(':')[0]}"
    return f"--proxy-server=http://{proxy}", "--proxy-bypass-list=<-loopback>", no_names
