#!/bin/sh
# Install this bundle, without network: sh install.sh PUBLIC_KEY [FOLDER]. PUBLIC_KEY comes by another way than the bundle.
# Nothing is installed unless the list is signed by that key and every file is on it, unchanged. The former build stays:
# FOLDER/current is switched at the end, FOLDER/previous is where it was.
set -eu
umask 022
[ $# -ge 1 ] || { echo "usage: sh install.sh PUBLIC_KEY [FOLDER]" >&2; exit 2; }
key=$(readlink -f "$1")
into=${2:-/opt/kalata}
cd "$(dirname "$0")"
refuse() { echo "$1 Nothing was installed." >&2; exit 1; }

openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null 2>&1 \
  || refuse "The list of this bundle is not signed by that key."
sha256sum --check --quiet --strict SHA256SUMS || refuse "A file of this bundle is missing or has changed."
here=$(find . -type f ! -name SHA256SUMS ! -name SHA256SUMS.sig | LC_ALL=C sort)
listed=$(cut -c67- SHA256SUMS | LC_ALL=C sort)
[ "$here" = "$listed" ] || refuse "This bundle holds files that are not on its list."

version=$(cat VERSION)
python=python$(cat PYTHON)
command -v "$python" >/dev/null || refuse "$python is not on this machine."
mkdir -p "$into"
if [ ! -e "$into/$version/installed" ]; then
  rm -rf "${into:?}/$version"
  "$python" -m venv "$into/$version"
  "$into/$version/bin/python" -m pip install --quiet --disable-pip-version-check --isolated --no-cache-dir \
    --no-index --find-links wheels --require-hashes -r requirements.txt || { rm -rf "${into:?}/$version"; refuse "pip could not install the wheels."; }
  cp -R deploy docs "$into/$version/"
  touch "$into/$version/installed"
fi
now=$(readlink "$into/current" 2>/dev/null || true)
if [ -n "$now" ] && [ "$now" != "$version" ]; then ln -sfn "$now" "$into/previous"; fi
ln -sfn "$version" "$into/.switching" && mv -T "$into/.switching" "$into/current"
echo "Kalata $version is in $into/current$( [ -e "$into/previous" ] && echo ", the former build in $into/previous" || true )."
