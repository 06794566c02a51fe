#!/usr/bin/env bash
# The browser that the tests of the HTML report drive. Without it they are skipped by name; called by .ci/run.
set -u
command -v chromium >/dev/null && exit 0
command -v apt-get >/dev/null || { echo 'No chromium, and no apt-get to install it: browser tests will be skipped.'; exit 0; }
{ apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation; } >/dev/null 2>&1 ||
  echo 'chromium could not be installed: browser tests will be skipped.'
