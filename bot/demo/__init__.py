"""The whole product in a browser: a local workspace, the real `serve` and a page that looks like a chat client."""
