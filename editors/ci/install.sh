#!/bin/sh
# For pipelines: a ddlint that is on the PATH is used as it is; else npm installs DDLINT_PACKAGE, the packages that `make npm` packs
# (blanks between them): paths, addresses, or names in a registry of yours.
set -eu
if command -v ddlint > /dev/null; then
	exit 0
fi
if [ -z "${DDLINT_PACKAGE:-}" ]; then
	echo '::error title=ddlint::no ddlint is on the PATH: install it in an earlier step, or name its npm packages (package, DDLINT_PACKAGE)'
	exit 2
fi
# shellcheck disable=SC2086 # a list of words
npm install --global --no-fund --no-audit $DDLINT_PACKAGE
