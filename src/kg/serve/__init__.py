"""The graph over HTTP: ``app`` joins the parts, one module each; what they answer is made by the library.

Needs starlette and uvicorn (the extra ``serve``). ``current`` holds the graph as it is now, ``run`` the server.
"""
