"""The runtime loop that sends a response while the app makes it; only `responseStreaming` starts it."""
