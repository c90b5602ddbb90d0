#!/bin/sh
# Begins TOTP setup with curl and jq: prints the secret, and writes its QR code to qr.png.
#   TOTP_API_URL=http://localhost:3000 TOTP_API_KEY=demo-key sh setup.sh
set -u

api_url=${TOTP_API_URL:-http://localhost:3000}
api_key=${TOTP_API_KEY:-demo-key}

# curl reads the header from its stdin: arguments can be seen by everybody on the machine.
answer=$(
  printf 'X-API-Key: %s\n' "$api_key" |
    curl --silent --show-error --max-time 15 --request POST --header @- \
      --write-out '\n%{http_code}' "$api_url/auth/v1/users/current/totp/setup"
) || {
  printf 'Cannot reach %s\n' "$api_url" >&2
  exit 1
}
status=$(printf '%s\n' "$answer" | tail -n 1)
body=$(printf '%s\n' "$answer" | sed '$d')

# Prints a field of the body, and nothing where there is none or the body is no JSON.
field() {
  printf '%s\n' "$body" | jq --raw-output ".$1? // empty" 2>/dev/null
}

qr_code_url=$(field qr_code_url)
case "$status $qr_code_url" in
"200 data:image/png;base64,"*)
  printf '%s\n' "${qr_code_url#*,}" | base64 -d >qr.png || exit 1
  printf 'Secret: %s\n' "$(field secret)"
  printf 'QR code: qr.png (scan it, then delete it)\n'
  ;;
*)
  error=$(field error)
  details=$(field details)
  printf '%s\n' "${error:-Unexpected answer, status $status}${details:+: $details}" >&2
  exit 1
  ;;
esac
