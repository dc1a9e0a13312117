# docker build -t exonym . && echo 'Talks in Alma-Ata' | docker run --rm -i exonym annotate
FROM rust:1.95-alpine AS build
RUN apk add --no-cache bash musl-dev
WORKDIR /exonym
COPY . .
RUN cargo build --release --locked --package exonym-cli && cp target/release/exonym /usr/local/bin/

FROM scratch
COPY --from=build /usr/local/bin/exonym /exonym
COPY LICENSE-APACHE LICENSE-MIT NOTICE /
ENTRYPOINT ["/exonym"]
CMD ["--help"]
