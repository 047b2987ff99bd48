#!/bin/sh
# deploy.sh: checks what is to be deployed, lets wrangler bundle it without the network, and deploys
# where there are credentials. CLOUDFLARE_ENV=r2 deploys with a store of models.
set -eu
tools/setup/cloudflare-limits.sh dist build/worker
export WRANGLER_SEND_METRICS=false
deploy() {
  worker/node_modules/.bin/wrangler deploy -c worker/wrangler.jsonc --env "${CLOUDFLARE_ENV:-}" "$@"
}
deploy --dry-run
if [ -z "${CLOUDFLARE_API_TOKEN:-}" ]; then
  echo "make: nothing was deployed: set CLOUDFLARE_API_TOKEN, and CLOUDFLARE_ACCOUNT_ID where the" \
    "token is of several accounts." >&2
  exit 1
fi
deploy
