# grantlint from source, to an image that holds one static program and nothing else:
#
#   docker build -t grantlint .
#   docker run --rm -v "$PWD:/project:ro" grantlint check
FROM rust:1.95-slim AS build
WORKDIR /source
COPY . .
# The commit that `--version --verbose` tells, as the folder of git is not part of the build.
ARG GRANTLINT_COMMIT
# With the target named, build scripts are linked as ever, and only the program without the system's libraries.
RUN target="$(rustc -vV | sed -n 's/^host: //p')" \
 && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --target "$target" \
 && install -D "target/$target/release/grantlint" /image/grantlint \
 && install -d /image/project

FROM scratch
COPY --from=build /image/ /
# It reads files, and needs no rights.
USER 65534:65534
WORKDIR /project
ENTRYPOINT ["/grantlint"]
CMD ["check"]
