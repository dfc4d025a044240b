from wrapped_web_app_runtime.serve_module import serve_module

wrapped = serve_module("background", None, "background.py")
