#!/bin/sh
# Sets the machine of `./dev test --login` up once its packages are there. Called by mmdebstrap
# with the machine's root folder; a change here makes the machine anew.
set -eu
root=$1

echo inos >"$root/etc/hostname"
echo '127.0.0.1 localhost inos' >"$root/etc/hosts"
echo 'LANG=C.UTF-8' >"$root/etc/locale.conf"
chroot "$root" useradd -m -s /bin/bash user
chroot "$root" passwd -q -d root
chroot "$root" systemctl -q set-default graphical.target
chroot "$root" systemctl -q enable greetd
# Only what films the screen takes these; the portals fail where there is no socket.
chroot "$root" systemctl -q --global disable pipewire.service wireplumber.service filter-chain.service
chroot "$root" systemctl -q --global enable pipewire.socket
# Nothing here has a network, needs updates, or lives for a day.
chroot "$root" systemctl -q mask getty@tty1.service apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service systemd-pcrphase.service

printf '%s\n' virtio_pci virtio_blk ext4 >>"$root/etc/initramfs-tools/modules"
printf 'MODULES=list\nCOMPRESS=zstd\nRESUME=none\n' >"$root/etc/initramfs-tools/conf.d/inos"
chroot "$root" update-initramfs -u -k all

# What a first boot would do, slowly.
touch "$root/etc/.updated" "$root/var/.updated"
: >"$root/etc/machine-id"
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
