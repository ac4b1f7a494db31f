#!/usr/bin/env bash
# Makes what is published of a tag: one archive with the program, its pages, completions, units and licences, a Debian package, a
# list of all that is in it (SPDX), and checksums. The same tag makes the same archive, byte for byte.
#
#   examples/packaging/release.sh v0.1.0                     into ./dist, for this machine
#   examples/packaging/release.sh v0.1.0 --target x86_64-unknown-linux-musl
#   examples/packaging/release.sh HEAD --out /tmp/dist --binary target/release/udsync
#
# Needs git, cargo, jq, tar, gzip and sha256sum; for the Debian package dpkg-deb, without which it is left out and that is said.
# A static program: `rustup target add x86_64-unknown-linux-musl`, and musl-tools for its C compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

tag=${1:?the tag comes first, as v0.1.0}
shift
out=dist target='' binary=''
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2 ;;
    --target) target=$2 ;;
    --binary) binary=$2 ;;
    *) echo "there is no $1: --out, --target, --binary" >&2; exit 2 ;;
  esac
  shift 2
done
host=$(rustc -vV | sed -n 's/^host: //p')
target=${target:-$host}
[ -z "$binary" ] || binary=$(realpath "$binary")
mkdir -p "$out"
out=$(realpath "$out")

commit=$(git rev-parse --verify --quiet "$tag^{commit}") || { echo "there is no commit $tag" >&2; exit 2; }
day=$(git log -1 --format=%cs "$commit")
epoch=$(git log -1 --format=%ct "$commit")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source"
git archive "$commit" | tar -x -C "$work/source"
cd "$work/source"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
case $tag in
  v*) [ "$tag" = "v$version" ] || { echo "the tag is $tag, and Cargo.toml says $version" >&2; exit 2; } ;;
esac

if [ -z "$binary" ]; then
  UDSYNC_BUILD_COMMIT=$commit UDSYNC_BUILD_DATE=$day SOURCE_DATE_EPOCH=$epoch \
    cargo build --locked --profile dist --target "$target" --bin udsync
  binary=${CARGO_TARGET_DIR:-target}/$target/dist/udsync
fi

# One archive.
name=udsync-$version-$target
root=$work/$name
mkdir -p "$root/man/schemas" "$root/completions" "$root/systemd"
install -m 755 "$binary" "$root/udsync"
install -m 644 README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$root/"
install -m 644 man/*.[157] "$root/man/"
install -m 644 man/schemas/*.json "$root/man/schemas/"
install -m 644 completions/* "$root/completions/"
install -m 644 examples/packaging/systemd/* "$root/systemd/"
cp -r examples "$root/examples"
rm -rf "$root/examples/packaging"

packed() { # folder names…
  tar --create --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --directory "$@" | gzip -9 --no-name
}
packed "$work" "$name" > "$out/$name.tar.gz"
made=("$name.tar.gz")

# What is in it: every crate that is built into the program, with its licence and checksum.
cargo metadata --locked --format-version 1 --filter-platform "$target" > "$work/metadata.json"
jq --arg version "$version" --arg commit "$commit" --arg created "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" \
  -f examples/packaging/spdx.jq "$work/metadata.json" > "$out/$name.spdx.json"
made+=("$name.spdx.json")

# The Debian package.
if command -v dpkg-deb > /dev/null; then
  case $target in
    x86_64-*) arch=amd64 ;;
    aarch64-*) arch=arm64 ;;
    armv7-*) arch=armhf ;;
    *) echo "no Debian package for $target" >&2; exit 2 ;;
  esac
  deb=$work/deb
  mkdir -p "$deb/DEBIAN" "$deb/usr/bin" "$deb/usr/lib/systemd/system" "$deb/usr/lib/sysusers.d" "$deb/usr/share/doc/udsync" \
    "$deb/usr/share/bash-completion/completions" "$deb/usr/share/zsh/vendor-completions" "$deb/usr/share/fish/vendor_completions.d"
  install -m 755 "$binary" "$deb/usr/bin/udsync"
  for page in man/*.[157]; do
    section=$deb/usr/share/man/man${page##*.}
    mkdir -p "$section"
    gzip -9 --no-name < "$page" > "$section/$(basename "$page").gz"
  done
  install -m 644 completions/udsync.bash "$deb/usr/share/bash-completion/completions/udsync"
  install -m 644 completions/_udsync "$deb/usr/share/zsh/vendor-completions/_udsync"
  install -m 644 completions/udsync.fish "$deb/usr/share/fish/vendor_completions.d/udsync.fish"
  install -m 644 examples/packaging/systemd/*.service examples/packaging/systemd/*.timer "$deb/usr/lib/systemd/system/"
  install -m 644 examples/packaging/systemd/udsync.sysusers "$deb/usr/lib/sysusers.d/udsync.conf"
  install -m 644 README.md "$deb/usr/share/doc/udsync/"
  install -m 644 examples/packaging/debian/copyright "$deb/usr/share/doc/udsync/copyright"
  gzip -9 --no-name < CHANGELOG.md > "$deb/usr/share/doc/udsync/changelog.gz"
  mkdir -p "$deb/usr/share/doc/udsync/examples"
  cp -r "$root/examples/." "$deb/usr/share/doc/udsync/examples/"
  for script in postinst prerm postrm; do
    install -m 755 "examples/packaging/debian/$script" "$deb/DEBIAN/$script"
  done
  # A static program needs no library of the system.
  depends='Depends: libc6'
  # The newest version of the C library that the program asks for is the oldest that it runs with.
  glibc=$(grep -ao 'GLIBC_2\.[0-9]*' "$binary" | sort -uV | tail -n 1 | cut -d_ -f2 || true)
  [ -z "$glibc" ] || depends="Depends: libc6 (>= $glibc)"
  case $target in *-musl) depends='' ;; esac
  size=$(du -sk --exclude=DEBIAN "$deb" | cut -f1)
  sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" -e "s/@DEPENDS@/$depends/" -e '/^$/d' \
    examples/packaging/debian/control > "$deb/DEBIAN/control"
  (cd "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$deb/DEBIAN/md5sums"
  find "$deb" -newermt "@$epoch" -print0 | xargs -0 --no-run-if-empty touch --no-dereference --date="@$epoch"
  SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group --build "$deb" "$out/udsync_${version}_$arch.deb" > /dev/null
  made+=("udsync_${version}_$arch.deb")
else
  echo "note: no dpkg-deb here, so no Debian package" >&2
fi

# The formula for Homebrew builds the tag from its source.
packed "$work" --transform "s,^source,udsync-$version," --exclude=source/target source > "$out/udsync-$version.tar.gz"
made+=("udsync-$version.tar.gz")
sum=$(sha256sum "$out/udsync-$version.tar.gz" | cut -d' ' -f1)
sed -e "s/@VERSION@/$version/g" -e "s/@SHA256@/$sum/" examples/packaging/udsync.rb > "$out/udsync.rb"
made+=(udsync.rb)

(cd "$out" && sha256sum "${made[@]}" > SHA256SUMS)
printf '%s\n' "${made[@]}" SHA256SUMS
