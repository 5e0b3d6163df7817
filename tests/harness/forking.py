"""Server processes of tests/harness/http.py: the portal is imported once, then each is forked."""

import os
import sys

from gunicorn.app.wsgiapp import WSGIApplication


def main(processes: int, port: int) -> None:
    # What it imports and sets up is there in every process.
    import tests.wsgi  # noqa: F401

    for _ in range(processes):
        if not os.fork():
            sys.argv = [
                "gunicorn", "--bind", f"127.0.0.1:{port}",
                "--config", "python:tests.harness.gunicorn_conf", "tests.wsgi",
            ]  # fmt: skip
            WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()
    os.close(int(os.environ["TEST_SERVER_READY"]))
    for _ in range(processes):
        os.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
