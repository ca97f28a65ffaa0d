#!/bin/sh
# Runs inside an image's Debian once the packages of Inos are in /mnt: what is not the same on each
# machine is left for the first boot. Usage: setup.sh KIND LOCALE ROOT-UUID ESP-PARTITION-UUID
set -eu

kind=$1 locale=$2 root=$3 esp=$4
export DEBIAN_FRONTEND=noninteractive

# What a package would start is started by the machine.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
dpkg --force-unsafe-io -i /mnt/*.deb
rm /usr/sbin/policy-rc.d

echo "$kind" >/usr/lib/inos-image/kind
echo inos >/etc/hostname
echo '127.0.0.1 localhost inos' >/etc/hosts
echo 'LANG=C.UTF-8' >/etc/locale.conf
[ "$locale" = C.UTF-8 ] || { echo "$locale UTF-8" >/etc/locale.gen; locale-gen; }

mkdir -p /efi /home /.snapshots
cat >/etc/fstab <<TABLE
# The default subvolume is the root, so that another one can take its place.
UUID=$root / btrfs compress=zstd:1,x-systemd.growfs 0 0
UUID=$root /home btrfs compress=zstd:1,subvol=@home 0 0
UUID=$root /.snapshots btrfs compress=zstd:1,subvol=@snapshots 0 0
PARTUUID=$esp /efi vfat umask=0077,nofail 0 0
TABLE
echo "root=UUID=$root rootfstype=btrfs console=tty0 quiet" >/etc/kernel/cmdline

systemctl -q enable inos-first-boot.service systemd-resolved.service systemd-timesyncd.service
systemctl -q disable ssh.service ssh.socket 2>/dev/null || true
if [ "$kind" = desktop ]; then
  systemctl -q set-default graphical.target
  systemctl -q enable greetd.service NetworkManager.service
  systemctl -q --global enable inos-first-join.service
else
  systemctl -q set-default multi-user.target
  systemctl -q enable systemd-networkd.service inos-node.service inos-first-join.service
fi

for kernel in /boot/vmlinuz-*; do
  INOS_IMAGE=1 /usr/lib/inos-image/uki "${kernel#/boot/vmlinuz-}"
done
mkdir -p /efi/EFI/BOOT
cp /usr/lib/systemd/boot/efi/systemd-bootx64.efi /efi/EFI/BOOT/BOOTX64.EFI

# As the checkout had it, of which mmdebstrap copied it.
chmod 755 /etc/initramfs-tools/hooks/drivers

# mmdebstrap's option to dpkg was for the build: the machine's updates are to be safe where the power fails.
rm -f /etc/dpkg/dpkg.cfg.d/99mmdebstrap

# Whence the image was made is not whence the machine has its updates, which debian.sources says.
rm -f /etc/apt/sources.list
find /etc/apt/sources.list.d -type f ! -name debian.sources -delete

# What is each machine's own, and what tells when and where the image was made.
rm -f /etc/ssh/ssh_host_* /var/lib/dbus/machine-id /var/lib/systemd/random-seed /etc/resolv.conf
ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
: >/etc/machine-id
rm -rf /var/cache/apt/* /var/lib/apt/lists/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/cache/ldconfig/aux-cache \
  /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid- /root/.cache /tmp/* /var/tmp/*
find /var/log -type f -delete
dpkg-query -W >/usr/lib/inos-image/packages
# What a first boot would do, slowly, and is done.
touch /etc/.updated /var/.updated
