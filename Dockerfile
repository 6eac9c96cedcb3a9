# The book in a box: `docker build -t kefu .` (`buildah build --format docker -t kefu .`), then
#   docker run --rm -p 8000:8000 kefu                                 the built book at http://localhost:8000/
#   docker run --rm -it --init -p 127.0.0.1:8888:8888 kefu tools.lab --no-browser --ServerApp.ip=0.0.0.0
#                                                                     JupyterLab in Chinese; it prints its address
# The image takes 2.5 GB. A class with an account for each student is another thing: see hub/README.md.
FROM debian:trixie-slim
# Debian keeps only the newest version of a package, so that a pinned one is soon not to be had.
# hadolint ignore=DL3008
RUN apt-get update -q \
    && apt-get install -yq --no-install-recommends ca-certificates git make python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 1000 reader
USER 1000
WORKDIR /home/reader/kefu
COPY --chown=1000:1000 . .
# one layer: what it fetches on the way and does not need again is not kept
RUN make site && rm -rf _build/wheels ~/.cache ~/.npm
EXPOSE 8000 8888
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/')"]
ENTRYPOINT [".venv/bin/python", "-m"]
CMD ["tools.serve", "--host", "0.0.0.0"]
