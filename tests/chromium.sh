#!/bin/sh
# Chromium for the browser's tests: found, else installed as root or by passwordless sudo, else the command to type.
set -u
found() {
    [ -n "${CHROMIUM:-}" ] || command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
        command -v google-chrome >/dev/null
}
found && exit 0
install="apt-get install -y --no-install-recommends chromium-headless-shell fonts-noto-core"
if [ "$(id -u)" = 0 ]; then asroot=""; elif sudo -n true 2>/dev/null; then asroot="sudo -n"; else asroot=none; fi
if [ "$asroot" != none ] && command -v apt-get >/dev/null; then
    echo "Memasang Chromium untuk uji peramban …"
    { $asroot apt-get update && DEBIAN_FRONTEND=noninteractive $asroot $install; } >/dev/null 2>&1
fi
found && exit 0
echo "Chromium tidak ditemukan. Jalankan: sudo apt-get update && sudo $install   lalu ulangi make test."
exit 1
