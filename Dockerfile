# evchat in a container: docker build -t evchat . && docker run -p 9998:9998 -v evchat:/data evchat
FROM python:3.13-slim

COPY pyproject.toml README.md LICENSE /src/
COPY docs /src/docs
COPY evchat /src/evchat
COPY tui /src/tui
RUN pip install --no-cache-dir '/src[admin,argon2,metrics,web]' \
    && rm -rf /src \
    && useradd --system --uid 998 --user-group --home-dir /data evchat \
    && install --directory --owner=evchat --group=evchat --mode=700 /data

USER evchat
VOLUME /data
EXPOSE 9998 6697
ENV EVCHAT_DATA=/data PYTHONDONTWRITEBYTECODE=1
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["evchat-admin", "status"]
# The server is the process that is told to stop, and ends with 0 within 5 seconds.
ENTRYPOINT ["evchat-server"]
CMD ["--listen", "tcp://*:9998"]
